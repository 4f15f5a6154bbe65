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
        // Windows PowerShell may still have TLS 1.2 switched off; whatever else is on stays on.
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
        _ = (address, proxy); // its handler knows the bound
#endif
    }

#if NETSTANDARD2_0
    // Of a request through a proxy, this is the proxy's: that is where .NET Framework keeps its connections, tunnels included.
    private static void BoundIdle(Uri address, IWebProxy? proxy) =>
        ServicePointManager.FindServicePoint(address, proxy ?? SystemProxy).MaxIdleTime = (int)Policy.IdleConnection.TotalMilliseconds;

#endif
    /// <summary>The status by which a proxy refused a tunnel, 0 where it told none; null where that is not what happened.</summary>
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

    /// <summary>Lets a token end a read of the body that is under way. .NET Framework's streams do not look at theirs.</summary>
    public static CancellationTokenRegistration AbortOn(HttpContent content, CancellationToken token) =>
#if NETSTANDARD2_0
        // Disposing reads on for up to half a second there, one response after another; whoever cancels must not wait for it.
        token.Register(() => ThreadPool.QueueUserWorkItem(static state => ((HttpContent)state!).Dispose(), content));
#else
        default;
#endif

    /// <summary>An answer's body, of which every byte counts, should the rest never come.</summary>
    public static async Task<Stream> ReadStreamAsync(HttpContent content, CancellationToken cancellationToken)
    {
        Stream answer = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#if NETSTANDARD2_0
        return new FirstBytesStream(answer);
#else
        return answer;
#endif
    }

    /// <summary>The Location header as it was sent, a character for each byte; null where there is none.</summary>
    public static string? RawLocation(HttpResponseMessage response) =>
#if NETSTANDARD2_0
        // Other runtimes than .NET Framework have read it as UTF-8.
        response.Headers.Location?.OriginalString is { } location
            ? IsFramework ? location : string.Concat(Encoding.UTF8.GetBytes(location).Select(static one => (char)one))
            : (response.Headers.TryGetValues("Location", out IEnumerable<string>? values) ? values.FirstOrDefault() : null);
#else
        response.Headers.NonValidated.TryGetValues("Location", out HeaderStringValues values) ? values.FirstOrDefault() : null;
#endif
}
