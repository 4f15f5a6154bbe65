using System.Net;
using System.Runtime.CompilerServices;

namespace KlingEffects.Http;

/// <summary>The process's long-lived HTTP clients. None holds a key: it goes with each request, to the API's host only.</summary>
internal sealed class Transport
{
    private readonly Lazy<HttpClient> _system;
    private readonly Lazy<HttpClient> _direct;
    private readonly ConditionalWeakTable<IWebProxy, HttpClient> _proxied = new();
    private readonly bool _uploads;

    private Transport(bool uploads)
    {
        _uploads = uploads;
        _system = new(() => Create(useProxy: true, null));
        _direct = new(() => Create(useProxy: false, null));
    }

    /// <summary>For the API: what is sent to it has a body.</summary>
    public static Transport Api { get; } = new(uploads: true);

    /// <summary>For the hosts of videos: what they are asked for has none.</summary>
    public static Transport Videos { get; } = new(uploads: false);

    /// <summary>The client for an address. It follows no redirect, and goes through the given proxy, or the system's.</summary>
    /// <param name="address">Where the request goes.</param>
    /// <param name="proxy">The proxy that the user names; null for the system's.</param>
    public HttpClient For(Uri address, IWebProxy? proxy = null)
    {
        // What is on this machine is spoken to directly, for a proxy elsewhere would be sent the key in plain text.
        bool isDirect = address.IsLoopback && (proxy is null || WouldExpose(address, proxy));
        HttpHandlers.DropIdle(address, isDirect ? null : proxy);
        return isDirect ? _direct.Value
            : proxy is null ? _system.Value
            : _proxied.GetValue(proxy, named => Create(useProxy: true, named));
    }

    // Whether what is meant for this machine would leave it, unencrypted.
    private static bool WouldExpose(Uri address, IWebProxy proxy) =>
        address.Scheme == Uri.UriSchemeHttp && proxy.GetProxy(address) is { IsLoopback: false };

    private HttpClient Create(bool useProxy, IWebProxy? proxy)
    {
        HttpClient client = new(HttpHandlers.Create(useProxy, proxy, _uploads)) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("KlingEffects/" + typeof(Transport).Assembly.GetName().Version!.ToString(3));
        return client;
    }
}
