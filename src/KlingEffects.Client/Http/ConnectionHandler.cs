namespace KlingEffects.Http;

/// <summary>Sends over the process's shared connections, directly or by the user's, the environment's or the system's proxy.</summary>
internal sealed class ConnectionHandler(IWebProxy? named) : HttpMessageHandler
{
    private static readonly EnvironmentProxy Environs = new(Environment.GetEnvironmentVariable);
    private static readonly Lazy<HttpMessageInvoker> Direct = new(static () => new(CreateInner(useProxy: false)));
    private static readonly Lazy<HttpMessageInvoker> AsTheSystemHasIt = new(static () => new(CreateInner(useProxy: true)));
    private static readonly ConditionalWeakTable<IWebProxy, Socks5Proxy> Proxied = new();

    private readonly Socks5Proxy? _named = named is null ? null : Through(named);

    private Socks5Proxy? Proxy => _named ?? (Environs.IsNamed ? Through(Environs) : null);

    public static HttpMessageHandler CreateInner(bool useProxy, IWebProxy? proxy = null) =>
        HttpHandlers.Create(useProxy, proxy, AddressRace.ConnectAsync);

    /// <summary>Loopback addresses bypass the proxy, because a remote proxy would receive the key in plain text.</summary>
    public bool IsDirect(Uri address) =>
        address.IsLoopback
        && (_named is null || (address.Scheme == Uri.UriSchemeHttp && _named.GetProxy(address) is { IsLoopback: false }));

    public Uri? ProxyFor(Uri address)
    {
        IWebProxy? proxy = IsDirect(address) ? null : Proxy ?? HttpHandlers.SystemProxy;
        return proxy is null || proxy.IsBypassed(address) || proxy.GetProxy(address) is not { } found || found == address ? null : found;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Uri address = request.RequestUri!;
        bool isDirect = IsDirect(address);
        Socks5Proxy? proxy = isDirect ? null : Proxy;
        HttpHandlers.DropIdle(address, proxy);
        HttpMessageInvoker connections = isDirect ? Direct.Value : proxy?.Connections.Value ?? AsTheSystemHasIt.Value;
        return connections.SendAsync(request, cancellationToken);
    }

    private static Socks5Proxy Through(IWebProxy proxy) => Proxied.GetValue(proxy, static proxy => new(proxy));

    /// <summary>A proxy with its connections. It accepts curl's scheme socks5h, which .NET calls socks5.</summary>
    private sealed class Socks5Proxy : IWebProxy
    {
        private const int DefaultPort = 1080;

        private readonly IWebProxy _inner;

        public Socks5Proxy(IWebProxy inner)
        {
            _inner = inner;
            Connections = new(() => new(CreateInner(useProxy: true, this)));
        }

        public Lazy<HttpMessageInvoker> Connections { get; }
        public ICredentials? Credentials { get => _inner.Credentials; set => _inner.Credentials = value; }

        public Uri? GetProxy(Uri destination) =>
            _inner.GetProxy(destination) is { Scheme: "socks5h" or "socks5" or "socks4" or "socks4a" } socks
                ? new UriBuilder(socks) { Scheme = socks.Scheme.TrimEnd('h'), Port = socks.Port < 0 ? DefaultPort : socks.Port }.Uri
                : _inner.GetProxy(destination);

        public bool IsBypassed(Uri host) => _inner.IsBypassed(host);
    }
}
