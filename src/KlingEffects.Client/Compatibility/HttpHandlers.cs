#if NETSTANDARD2_0
using System.Net;
using System.Runtime.InteropServices;
#endif
using KlingEffects.Policies;

namespace KlingEffects;

/// <summary>The HTTP handlers of each framework.</summary>
internal static class HttpHandlers
{
#if NETSTANDARD2_0
    private static readonly bool IsFramework = RuntimeInformation.FrameworkDescription.StartsWith(".NET Framework", StringComparison.Ordinal);

#endif
    public static HttpMessageHandler Create(bool useProxy)
    {
#if NETSTANDARD2_0
        // Windows PowerShell may still have TLS 1.2 switched off; whatever else is on stays on.
        if (IsFramework && ServicePointManager.SecurityProtocol != 0)
        {
            ServicePointManager.SecurityProtocol |= SecurityProtocolType.Tls12;
        }

        return new HttpClientHandler
        {
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = 1024,
            UseCookies = false,
            UseProxy = useProxy,
        };
#else
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = Policy.ConnectTimeout,
            PooledConnectionLifetime = Policy.ConnectionLifetime,
            PooledConnectionIdleTimeout = Policy.IdleConnection,
            UseCookies = false,
            UseProxy = useProxy,
        };
#endif
    }

    /// <summary>Drops idle connections to an address before its server does: a submit on one that is being closed would be uncertain.</summary>
    public static void DropIdle(Uri address)
    {
#if NETSTANDARD2_0
        if (IsFramework)
        {
            ServicePointManager.FindServicePoint(address).MaxIdleTime = (int)Policy.IdleConnection.TotalMilliseconds;
        }
#else
        _ = address; // its handler knows the bound
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
