using KlingEffects.Api.Gateways;

namespace KlingEffects.Api;

/// <summary>The clients of one command, one for each gateway, each made when it is first needed and with a key of its own.</summary>
/// <param name="options">How to reach a gateway; throws a <see cref="KlingException"/> where that is not known.</param>
/// <param name="http">What sends; null for what all clients of the process share.</param>
internal sealed class ApiClients(Func<KlingGatewayName, KlingClientOptions> options, HttpMessageHandler? http = null)
{
    // By their titles: the runtime has a dictionary of texts ready, and one of another type is compiled for the first submit.
    private readonly ConcurrentDictionary<string, ApiClient> _made = new(StringComparer.Ordinal);

    public KnownTasks Known { get; } = new();

    /// <exception cref="KlingException">ApiKeyMissing, or InvalidRequest for an address that is not safe to send a key to.</exception>
    public ApiClient For(KlingGatewayName gateway) =>
        _made.GetOrAdd(KlingGateway.From(gateway).Title, _ => new ApiClient(options(gateway), http, this));
}
