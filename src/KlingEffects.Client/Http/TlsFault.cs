using System.Net;
using System.Security.Authentication;

namespace KlingEffects.Http;

/// <summary>Tells that no secure connection came about, which no repeat mends.</summary>
internal static class TlsFault
{
    // What .NET Framework's TLS stream is made of: where the other side speaks no TLS, its fault is a bare IOException.
    private static readonly string[] Handshakes = ["System.Net.Security.SslState", "System.Net.TlsStream", "System.Net.Security.SslStream"];

    /// <summary>Whether the exchange failed for its TLS, in the words of either framework.</summary>
    public static bool Is(Exception? fault) => fault switch
    {
        null => false,
        AuthenticationException => true,
        WebException { Status: WebExceptionStatus.SecureChannelFailure or WebExceptionStatus.TrustFailure } => true,
        IOException when IsHandshake(fault) => true,
        _ => Is(fault.InnerException),
    };

    // "The handshake failed due to an unexpected packet format", in whatever language: known by where it came from.
    private static bool IsHandshake(Exception fault) =>
        fault.GetType() == typeof(IOException)
        && fault.InnerException is null
        && fault.StackTrace is { } trace
        && Handshakes.Any(handshake => trace.Contains(handshake, StringComparison.Ordinal))
        && trace.Contains("Authenticat", StringComparison.Ordinal);
}
