using System.Net.Http.Headers;

namespace KlingEffects.Http;

/// <summary>What every request says: who asks, that nothing is to be compressed, and, of the API, that no cache is to answer.</summary>
/// <param name="api">Any address of the API; null where there is none.</param>
internal sealed class StandardHeadersHandler(Uri? api) : DelegatingHandler
{
    private static readonly string Client = "KlingEffects/" + typeof(StandardHeadersHandler).Assembly.GetName().Version!.ToString(3);
    private static readonly StringWithQualityHeaderValue Identity = new("identity");
    private static readonly CacheControlHeaderValue NoCache = new() { NoCache = true };

    private readonly Origin? _api = api is null ? null : new Origin(api);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Headers.Contains("User-Agent"))
        {
            request.Headers.UserAgent.ParseAdd(Client);
        }

        // What is not compressed cannot swell beyond its bound.
        if (request.Headers.AcceptEncoding.Count == 0)
        {
            request.Headers.AcceptEncoding.Add(Identity);
        }

        if (request.Method == HttpMethod.Get && _api == new Origin(request.RequestUri!))
        {
            request.Headers.CacheControl = NoCache;
        }

        return base.SendAsync(request, cancellationToken);
    }
}
