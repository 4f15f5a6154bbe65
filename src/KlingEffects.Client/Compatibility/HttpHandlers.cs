using System.Net;
#if NETSTANDARD2_0
using System.Runtime.InteropServices;
#else
using System.Text;
#endif
using KlingEffects.Policies;

namespace KlingEffects;

/// <summary>The HTTP handlers of each framework.</summary>
internal static class HttpHandlers
{
#if NETSTANDARD2_0
    private static readonly EnvironmentProxy Environs = new(Environment.GetEnvironmentVariable);
    private static readonly bool IsFramework = RuntimeInformation.FrameworkDescription.StartsWith(".NET Framework", StringComparison.Ordinal);

    // Null leaves it to the framework.
    private static IWebProxy? SystemProxy => IsFramework && Environs.IsNamed ? Environs : null;

#endif
    /// <param name="useProxy">Whether to go through a proxy at all.</param>
    /// <param name="proxy">The proxy to go through; null for the system's.</param>
    /// <param name="uploads">Whether requests have bodies, in the midst of which a server may answer.</param>
    public static HttpMessageHandler Create(bool useProxy, IWebProxy? proxy = null, bool uploads = true)
    {
#if NETSTANDARD2_0
        _ = uploads; // its handler hears no answer before a body has left
        // Windows PowerShell may still have TLS 1.2 switched off; whatever else is on stays on.
        if (IsFramework && ServicePointManager.SecurityProtocol != 0)
        {
            ServicePointManager.SecurityProtocol |= SecurityProtocolType.Tls12;
        }

        return new HttpClientHandler
        {
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = 1024,
            Proxy = proxy ?? SystemProxy,
            UseCookies = false,
            UseProxy = useProxy,
        };
#else
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectCallback = static (context, stop) => AddressRace.ConnectAsync(context.DnsEndPoint, stop),
            ConnectTimeout = Policy.ConnectTimeout,
            PlaintextStreamFilter = uploads ? static (context, _) => new(new ListeningStream(context.PlaintextStream)) : null,
            PooledConnectionLifetime = Policy.ConnectionLifetime,
            PooledConnectionIdleTimeout = Policy.IdleConnection,
            Proxy = proxy,
            ResponseHeaderEncodingSelector = static (name, _) => name == "Location" ? Encoding.Latin1 : null,
            UseCookies = false,
            UseProxy = useProxy,
        };
#endif
    }

    /// <summary>Drops idle connections to an address before its server does: a submit on one that is being closed would be uncertain.</summary>
    /// <param name="address">Where a request goes.</param>
    /// <param name="proxy">The proxy it goes through; null for the system's. Its connections are kept apart from the address's own.</param>
    public static void DropIdle(Uri address, IWebProxy? proxy = null)
    {
#if NETSTANDARD2_0
        if (IsFramework)
        {
            BoundIdle(address, proxy);
        }
#else
        _ = (address, proxy); // its handler knows the bound
#endif
    }

#if NETSTANDARD2_0
    // Of a request through a proxy, this is the proxy's: that is where .NET Framework keeps its connections, tunnels included.
    private static void BoundIdle(Uri address, IWebProxy? proxy) =>
        ServicePointManager.FindServicePoint(address, proxy ?? SystemProxy ?? WebRequest.DefaultWebProxy).MaxIdleTime = (int)Policy.IdleConnection.TotalMilliseconds;

#endif

    /// <summary>The body of an answer of which every byte counts, should the rest never come.</summary>
    public static async Task<Stream> ReadDownloadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        Stream answer = await ReadStreamAsync(content, cancellationToken).ConfigureAwait(false);
#if NETSTANDARD2_0
        return new FirstBytesStream(answer);
#else
        return answer;
#endif
    }

    public static async Task<Stream> ReadStreamAsync(HttpContent content, CancellationToken cancellationToken)
    {
#if NETSTANDARD2_0
        cancellationToken.ThrowIfCancellationRequested();
        return await content.ReadAsStreamAsync().ConfigureAwait(false);
#else
        return await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#endif
    }
}
