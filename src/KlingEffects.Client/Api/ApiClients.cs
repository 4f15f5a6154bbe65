using KlingEffects.Api.Gateways;

namespace KlingEffects.Api;

/// <summary>The clients of one command, one per gateway, created when first needed, each with its own key.</summary>
internal sealed class ApiClients(Func<KlingGatewayName, KlingClientOptions> options, HttpMessageHandler? http = null)
{
    // Keyed by title: the framework has a precompiled dictionary of strings; another key type would be compiled at the first submit.
    private readonly ConcurrentDictionary<string, ApiClient> _made = new(StringComparer.Ordinal);

    public KnownTasks Known { get; } = new();

    public ApiClient For(KlingGatewayName gateway) =>
        _made.GetOrAdd(KlingGateway.From(gateway).Title, _ => new ApiClient(options(gateway), http, this));
}
