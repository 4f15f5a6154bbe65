using System.Collections.Concurrent;

namespace KlingEffects.Api;

/// <summary>The clients of one command, one for each gateway, each made when it is first needed and with a key of its own.</summary>
/// <param name="options">How to reach a gateway; throws a <see cref="KlingException"/> where that is not known.</param>
/// <param name="http">What sends; null for what all clients of the process share.</param>
internal sealed class ApiClients(Func<KlingGatewayName, KlingClientOptions> options, HttpClient? http = null)
{
    private readonly ConcurrentDictionary<KlingGatewayName, ApiClient> _made = new();

    /// <exception cref="KlingException">ApiKeyMissing, or InvalidRequest for an address that is not safe to send a key to.</exception>
    public ApiClient For(KlingGatewayName gateway) => _made.GetOrAdd(gateway, name => new ApiClient(options(name), http, this));
}
