using System.Security.Authentication;

namespace KlingEffects.Http;

/// <summary>A request that got no complete answer, whatever was thrown. The message holds no secrets.</summary>
internal sealed class RequestFault(string reason, Exception? cause = null) : Exception(reason, cause)
{
    /// <summary>The proxy requires a login: a retry does not help, and may lock a domain account.</summary>
    public const int ProxyLogin = 407;

    public const string ProxyLoginReason = "the proxy on the way asks for a login, or refuses the one it was given (HTTP 407)";

    // .NET Framework's TLS types: where the other side speaks no TLS, they throw a bare IOException.
    private static readonly string[] Handshakes =
        ["System.Net.Security.SslState", "System.Net.TlsStream", "System.Net.Security.SslStream"];

    public bool IsPermanent { get; init; }

    /// <summary>Whether an established connection broke or timed out.</summary>
    public bool IsDropped { get; init; }

    /// <summary>The status of an answer that did not come from the server, such as a proxy's; null for none.</summary>
    public int? Status { get; init; }

    public string? Advice { get; init; }

    public static RequestFault ForProxyLogin(Exception? cause = null) =>
        new(ProxyLoginReason, cause) { IsPermanent = true, Status = ProxyLogin, Advice = KlingEffects.Advice.ForProxy };

    /// <summary>Describes an exception of a request. Once the body has begun, the proxy's tunnel was open.</summary>
    public static RequestFault From(Exception fault, Uri address, Uri? proxy, bool hasBegun = false)
    {
        if (fault is RequestFault known)
        {
            return known;
        }

        string host = ServerText.Clean(address.Authority) ?? "";
        string place = proxy is null ? host : $"the proxy {proxy.Host}:{proxy.Port}";
        string message = Words(fault, proxy);
        string? ofProxy = proxy is null ? null : KlingEffects.Advice.ForProxyDown;
        bool isDropped = Breaks(fault);
        return fault switch
        {
            _ when !hasBegun && HttpHandlers.TunnelRefusal(fault) is { } status => status is ProxyLogin or 401 // wstunnel #545, 2026-09
                ? ForProxyLogin(fault)
                : new($"{place} opens no way to {host} (HTTP {status})", fault) { Advice = KlingEffects.Advice.ForProxyDown },
            _ when IsOfTls(fault) => new($"there is no secure connection to {host}: {message}", fault)
                { IsPermanent = true, Advice = KlingEffects.Advice.ForCertificate },
            NotSupportedException when proxy is not null =>
                new($"{place} can't be used: {message}", fault) { IsPermanent = true, Advice = ofProxy },
            OperationCanceledException =>
                new($"no connection to {place} within {Policy.ConnectTimeout.TotalSeconds:0} s", fault) { Advice = ofProxy },
            _ when fault.GetBaseException() is SocketException =>
                new($"the connection to {place} failed: {message}", fault) { IsDropped = isDropped, Advice = isDropped ? null : ofProxy },
            _ => new(message, fault) { IsDropped = isDropped },
        };
    }

    // A message may quote the proxy's address, with the login in it.
    private static string Words(Exception fault, Uri? proxy)
    {
        string message = fault.GetBaseException().Message;
        message = proxy is { UserInfo.Length: > 0 } ? message.Replace(proxy.UserInfo + "@", "") : message;
        return ServerText.Clean(message)?.TrimEnd('.') ?? "no reason is known";
    }

    // Whether an established connection broke, rather than none being established.
    private static bool Breaks(Exception fault) => !IsOfTls(fault) && Causes(fault).Any(static one => one is IOException or WebException
    {
        Status: WebExceptionStatus.ConnectionClosed or WebExceptionStatus.KeepAliveFailure or WebExceptionStatus.ReceiveFailure
            or WebExceptionStatus.SendFailure or WebExceptionStatus.ServerProtocolViolation,
    });

    private static bool IsOfTls(Exception fault) => Causes(fault).Any(static one => IsHandshake(one) || one is AuthenticationException
        or WebException { Status: WebExceptionStatus.SecureChannelFailure or WebExceptionStatus.TrustFailure });

    private static IEnumerable<Exception> Causes(Exception fault)
    {
        for (Exception? cause = fault; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    // "The handshake failed due to an unexpected packet format", in any language: recognised by its stack trace.
    private static bool IsHandshake(Exception fault) =>
        fault.GetType() == typeof(IOException)
        && fault.InnerException is null
        && fault.StackTrace is { } trace
        && Handshakes.Any(handshake => trace.Contains(handshake, StringComparison.Ordinal))
        && trace.Contains("Authenticat", StringComparison.Ordinal);
}
