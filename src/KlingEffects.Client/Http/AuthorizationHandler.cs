using System.Net.Http.Headers;

namespace KlingEffects.Http;

/// <summary>Gives the key to the API's own scheme, host and port, and to no other; what has a key in its address goes nowhere.</summary>
/// <param name="api">Any address of the API, and the key; null where there is none.</param>
internal sealed class AuthorizationHandler((Uri Address, string Key)? api) : DelegatingHandler
{
    private readonly AuthenticationHeaderValue? _bearer = api is { Key: { } key } ? new("Bearer", key) : null;
    private readonly Origin? _api = api is { Address: { } address } ? new(address) : null;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Uri address = request.RequestUri!;
        // A host's name may have a word in common with a key, as with the provider's name: there it is the whole that counts.
        bool isInHost = api is { Key: { } key } && address.Host.Contains(key, StringComparison.OrdinalIgnoreCase);
        if (isInHost || KeyMask.IsIn(address.PathAndQuery) || KeyMask.IsIn(address.UserInfo))
        {
            throw new RequestFault("its address holds the API key, which goes nowhere") { IsPermanent = true };
        }

        bool isForeign = request is ClientRequest { IsForeign: true };
        request.Headers.Authorization = !isForeign && address.UserInfo.Length == 0 && new Origin(address) == _api ? _bearer : null;
        return base.SendAsync(request, cancellationToken);
    }
}
