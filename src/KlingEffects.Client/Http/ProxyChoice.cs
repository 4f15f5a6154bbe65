using System.Net;
using System.Runtime.CompilerServices;

namespace KlingEffects.Http;

/// <summary>The proxy that a request goes through: the one that the user names, else the environment's, else the system's.</summary>
internal sealed class ProxyChoice(IWebProxy? named)
{
    private static readonly EnvironmentProxy Environs = new(Environment.GetEnvironmentVariable);
    private static readonly Socks5Proxy Surrounding = new(Environs);

    // One for each, for connections are kept by it.
    private static readonly ConditionalWeakTable<IWebProxy, Socks5Proxy> Wrapped = new();

    private readonly Socks5Proxy? _named = named is null ? null : Wrapped.GetValue(named, static named => new(named));

    /// <summary>The proxy as the HTTP client is to have it; null for the system's own.</summary>
    public IWebProxy? Proxy => (IWebProxy?)_named ?? (Environs.IsNamed ? Surrounding : null);

    /// <summary>Whether an address is spoken to directly, whatever proxy there is.</summary>
    /// <remarks>What is on this machine is, for a proxy elsewhere would be sent the key in plain text.</remarks>
    public bool IsDirect(Uri address) =>
        address.IsLoopback
        && (_named is null || (address.Scheme == Uri.UriSchemeHttp && _named.GetProxy(address) is { IsLoopback: false }));

    /// <summary>The proxy's address; null where there is none on the way.</summary>
    public Uri? For(Uri address)
    {
        IWebProxy? proxy = IsDirect(address) ? null : Proxy ?? HttpHandlers.SystemProxy;
        return proxy is null || proxy.IsBypassed(address) || proxy.GetProxy(address) is not { } found || found == address ? null : found;
    }

    /// <summary>curl's word for a SOCKS 5 proxy that looks names up, as .NET's always does.</summary>
    private sealed class Socks5Proxy(IWebProxy inner) : IWebProxy
    {
        private const int DefaultPort = 1080;

        public ICredentials? Credentials { get => inner.Credentials; set => inner.Credentials = value; }

        public Uri? GetProxy(Uri destination) =>
            inner.GetProxy(destination) is { Scheme: "socks5h" or "socks5" or "socks4" or "socks4a" } socks
                ? new UriBuilder(socks) { Scheme = socks.Scheme.TrimEnd('h'), Port = socks.Port < 0 ? DefaultPort : socks.Port }.Uri
                : inner.GetProxy(destination);

        public bool IsBypassed(Uri host) => inner.IsBypassed(host);
    }
}
