namespace KlingEffects;

/// <summary>The HTTP client of each framework.</summary>
internal static class HttpHandlers
{
    private static readonly Regex LastNumber = new(@"\d{3}(?=\D*$)", RegexOptions.CultureInvariant);

#if NETSTANDARD2_0
    private static readonly bool IsFramework =
        RuntimeInformation.FrameworkDescription.StartsWith(".NET Framework", StringComparison.Ordinal);

#endif
    /// <summary>The system's proxy, whatever its environment variables say.</summary>
    public static IWebProxy? SystemProxy =>
#if NETSTANDARD2_0
        WebRequest.DefaultWebProxy;
#else
        HttpClient.DefaultProxy;
#endif

    public static HttpMessageHandler Create(
        bool useProxy, IWebProxy? proxy, Func<DnsEndPoint, CancellationToken, ValueTask<Stream>> connect)
    {
#if NETSTANDARD2_0
        _ = connect;
        // TLS 1.2 may be off in Windows PowerShell; other versions are left as they are.
        if (IsFramework && ServicePointManager.SecurityProtocol != 0)
        {
            ServicePointManager.SecurityProtocol |= SecurityProtocolType.Tls12;
        }

        return new HttpClientHandler
        {
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = 1024,
            Proxy = proxy,
            UseCookies = false,
            UseProxy = useProxy,
        };
#else
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectCallback = (context, stop) => connect(context.DnsEndPoint, stop),
            ConnectTimeout = Policy.ConnectTimeout,
            PooledConnectionLifetime = Policy.ConnectionLifetime,
            PooledConnectionIdleTimeout = Policy.IdleConnection,
            Proxy = proxy,
            ResponseHeaderEncodingSelector = static (name, _) => name == "Location" ? Encoding.Latin1 : null,
            UseCookies = false,
            UseProxy = useProxy,
        };
#endif
    }

    /// <summary>Drops idle connections before their server does: a submit on one that is being closed would be uncertain.</summary>
    public static void DropIdle(Uri address, IWebProxy? proxy)
    {
#if NETSTANDARD2_0
        if (IsFramework)
        {
            BoundIdle(address, proxy);
        }
#else
        _ = (address, proxy); // the handler itself has the limit
#endif
    }

#if NETSTANDARD2_0
    // .NET Framework keeps a proxy's connections, including tunnels, at the proxy's service point.
    private static void BoundIdle(Uri address, IWebProxy? proxy) =>
        ServicePointManager.FindServicePoint(address, proxy ?? SystemProxy).MaxIdleTime = (int)Policy.IdleConnection.TotalMilliseconds;

#endif
    /// <summary>The status of a proxy that refused a tunnel, 0 if unknown; null if that is not the failure.</summary>
    public static int? TunnelRefusal(Exception fault)
    {
#if NETSTANDARD2_0
        if (fault.GetBaseException() is WebException { Response: HttpWebResponse response })
        {
            return (int)response.StatusCode;
        }

        bool isTunnels = fault is HttpRequestException && fault.Message.Contains("proxy tunnel", StringComparison.OrdinalIgnoreCase);
#else
        bool isTunnels = fault is HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError };
#endif
        return isTunnels ? int.TryParse(LastNumber.Match(fault.Message).Value, out int status) ? status : 0 : null;
    }

    /// <summary>Lets a token end a pending read of the body: .NET Framework's streams ignore theirs.</summary>
    public static CancellationTokenRegistration AbortOn(HttpContent content, CancellationToken token) =>
#if NETSTANDARD2_0
        // Disposing may read on for half a second there, which the canceller must not wait for.
        token.Register(() => ThreadPool.QueueUserWorkItem(static state => ((HttpContent)state!).Dispose(), content));
#else
        default;
#endif

    /// <summary>An answer's body that returns every byte that has come.</summary>
    public static async Task<Stream> ReadStreamAsync(HttpContent content, CancellationToken cancellationToken)
    {
        Stream answer = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#if NETSTANDARD2_0
        return new FirstBytesStream(answer);
#else
        return answer;
#endif
    }

    /// <summary>The raw Location header, a character for each byte; or null.</summary>
    public static string? RawLocation(HttpResponseMessage response) =>
#if NETSTANDARD2_0
        // Other runtimes decode it as UTF-8.
        response.Headers.Location?.OriginalString is { } location
            ? IsFramework ? location : string.Concat(Encoding.UTF8.GetBytes(location).Select(static one => (char)one))
            : (response.Headers.TryGetValues("Location", out IEnumerable<string>? values) ? values.FirstOrDefault() : null);
#else
        response.Headers.NonValidated.TryGetValues("Location", out HeaderStringValues values) ? values.FirstOrDefault() : null;
#endif
}
