using System.Net;

namespace KlingEffects.Http;

/// <summary>The hosts of this process's lifetime that don't bear <c>Expect: 100-continue</c>, or have something on the way that does not (RFC 9110, 10.1.1).</summary>
internal static class ExpectContinue
{
    private static readonly ConcurrentStringSet Refusers = new(StringComparer.OrdinalIgnoreCase);

    public static bool SuitsHost(Uri address) => !Refusers.Contains(address.Authority);

    public static void Avoid(Uri address) => Refusers.Add(address.Authority);

    /// <summary>Whether a connection that was there has broken, as against none having come about.</summary>
    public static bool IsDropped(Exception? fault) => fault switch
    {
        null => false,
        _ when TlsFault.Is(fault) => false,
        IOException => true,
        WebException { Status: WebExceptionStatus.ConnectionClosed or WebExceptionStatus.KeepAliveFailure or WebExceptionStatus.ReceiveFailure or WebExceptionStatus.SendFailure or WebExceptionStatus.ServerProtocolViolation } => true,
        _ => IsDropped(fault.InnerException),
    };
}
