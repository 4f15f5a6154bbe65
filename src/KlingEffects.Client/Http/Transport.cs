namespace KlingEffects.Http;

/// <summary>The process's long-lived HTTP clients. None holds a key: it goes with each request, to the API's host only.</summary>
internal static class Transport
{
    private static readonly Lazy<HttpClient> LazyApi = new(static () => Create(useProxy: true));
    private static readonly Lazy<HttpClient> LazyLocalApi = new(static () => Create(useProxy: false));
    private static readonly Lazy<HttpClient> LazyVideos = new(static () => Create(useProxy: true));

    /// <summary>For the video hosts: no credentials of any kind.</summary>
    public static HttpClient Videos => LazyVideos.Value;

    /// <summary>For the API at an address: follows no redirect, goes through the system's proxy.</summary>
    /// <remarks>An API on this machine is spoken to directly, for a proxy elsewhere would be sent the key in plain text.</remarks>
    public static HttpClient ForApi(Uri address)
    {
        HttpHandlers.DropIdle(address);
        return address.IsLoopback ? LazyLocalApi.Value : LazyApi.Value;
    }

    private static HttpClient Create(bool useProxy)
    {
        HttpClient client = new(HttpHandlers.Create(useProxy)) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("KlingEffects/" + typeof(Transport).Assembly.GetName().Version!.ToString(3));
        return client;
    }
}
