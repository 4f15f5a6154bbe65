using System.Net;
using System.Runtime.CompilerServices;

namespace KlingEffects.Http;

/// <summary>The process's long-lived connections. None holds a key; none follows a redirect.</summary>
internal sealed class ConnectionHandler(ProxyChoice proxies) : HttpMessageHandler
{
    private static readonly Lazy<HttpMessageInvoker> System = new(static () => new(CreateInner(useProxy: true)));
    private static readonly Lazy<HttpMessageInvoker> Direct = new(static () => new(CreateInner(useProxy: false)));
    private static readonly ConditionalWeakTable<IWebProxy, HttpMessageInvoker> Proxied = new();

    public static HttpMessageHandler CreateInner(bool useProxy, IWebProxy? proxy = null) =>
        HttpHandlers.Create(useProxy, proxy, AddressRace.ConnectAsync);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Uri address = request.RequestUri!;
        bool isDirect = proxies.IsDirect(address);
        IWebProxy? proxy = isDirect ? null : proxies.Proxy;
        HttpHandlers.DropIdle(address, proxy);
        HttpMessageInvoker connections = isDirect ? Direct.Value
            : proxy is null ? System.Value
            : Proxied.GetValue(proxy, static proxy => new(CreateInner(useProxy: true, proxy)));
        return connections.SendAsync(request, cancellationToken);
    }
}
