namespace KlingEffects.Http;

/// <summary>Sets the headers of every request: User-Agent, no compression, and for the API no caching. The key is sent only to the API's
/// own scheme, host and port; a request with a key in its address is not sent.</summary>
internal sealed class HeadersHandler((Uri Address, string Key)? api) : DelegatingHandler
{
    private static readonly string Client = "KlingEffects/" + typeof(HeadersHandler).Assembly.GetName().Version!.ToString(3);
    private static readonly StringWithQualityHeaderValue Identity = new("identity");
    private static readonly CacheControlHeaderValue NoCache = new() { NoCache = true };

    private readonly AuthenticationHeaderValue? _bearer = api is { Key: { } key } ? new("Bearer", key) : null;
    private readonly Origin? _api = api is { Address: { } address } ? new(address) : null;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Uri address = request.RequestUri!;
        // A host name may share a word with a key, such as the provider's name: there only the whole key counts.
        bool isInHost = api is { Key: { } key } && address.Host.Contains(key, StringComparison.OrdinalIgnoreCase);
        if (isInHost || KeyMask.IsIn(address.PathAndQuery) || KeyMask.IsIn(address.UserInfo))
        {
            throw new RequestFault("its address holds the API key, which goes nowhere") { IsPermanent = true };
        }

        bool isForeign = request is ClientRequest { IsForeign: true };
        bool isApi = new Origin(address) == _api;
        request.Headers.Authorization = !isForeign && address.UserInfo.Length == 0 && isApi ? _bearer : null;
        if (!request.Headers.Contains("User-Agent"))
        {
            request.Headers.UserAgent.ParseAdd(Client);
        }

        // An uncompressed answer can't grow beyond its bound.
        if (request.Headers.AcceptEncoding.Count == 0)
        {
            request.Headers.AcceptEncoding.Add(Identity);
        }

        if (request.Method == HttpMethod.Get && isApi)
        {
            request.Headers.CacheControl = NoCache;
        }

        return base.SendAsync(request, cancellationToken);
    }
}
