using System.Net;
using System.Runtime.CompilerServices;

namespace KlingEffects.Http;

/// <summary>The process's long-lived HTTP clients. None holds a key: it goes with each request, to the API's host only.</summary>
internal static class Transport
{
    private static readonly Lazy<HttpClient> LazyApi = new(static () => Create(useProxy: true, null));
    private static readonly Lazy<HttpClient> LazyDirect = new(static () => Create(useProxy: false, null));
    private static readonly Lazy<HttpClient> LazyVideos = new(static () => Create(useProxy: true, null));
    private static readonly ConditionalWeakTable<IWebProxy, HttpClient> Proxied = new();

    /// <summary>For the video hosts: no credentials of any kind.</summary>
    public static HttpClient Videos => LazyVideos.Value;

    /// <summary>For the API at an address: follows no redirect, goes through the given proxy, or the system's.</summary>
    /// <param name="address">The API's.</param>
    /// <param name="proxy">The proxy that the user names; null for the system's.</param>
    public static HttpClient ForApi(Uri address, IWebProxy? proxy = null) => For(address, proxy, LazyApi);

    /// <summary>For a video at an address.</summary>
    /// <param name="address">The video's.</param>
    /// <param name="proxy">The proxy that the user names; null for the system's.</param>
    public static HttpClient ForVideo(Uri address, IWebProxy? proxy = null) => For(address, proxy, LazyVideos);

    // Whether what is meant for this machine would leave it, unencrypted.
    private static bool WouldExpose(Uri address, IWebProxy proxy) =>
        address.Scheme == Uri.UriSchemeHttp && proxy.GetProxy(address) is { IsLoopback: false };

    // What is on this machine is spoken to directly, for a proxy elsewhere would be sent the key in plain text.
    private static HttpClient For(Uri address, IWebProxy? proxy, Lazy<HttpClient> system)
    {
        bool isDirect = address.IsLoopback && (proxy is null || WouldExpose(address, proxy));
        HttpHandlers.DropIdle(address, isDirect ? null : proxy);
        return isDirect ? LazyDirect.Value
            : proxy is null ? system.Value
            : Proxied.GetValue(proxy, static named => Create(useProxy: true, named));
    }

    private static HttpClient Create(bool useProxy, IWebProxy? proxy)
    {
        HttpClient client = new(HttpHandlers.Create(useProxy, proxy)) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("KlingEffects/" + typeof(Transport).Assembly.GetName().Version!.ToString(3));
        return client;
    }
}
