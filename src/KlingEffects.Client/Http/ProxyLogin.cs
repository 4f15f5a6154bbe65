using System.Net;

namespace KlingEffects.Http;

/// <summary>A proxy that wants a login: no repeat helps, and each one may bring a domain account nearer to being locked.</summary>
internal static class ProxyLogin
{
    public const int Status = 407;

    public const string Reason = "the proxy on the way asks for a login, or refuses the one it was given (HTTP 407)";

    /// <summary>Whether an exchange failed because of it, in the words of either framework.</summary>
    public static bool IsWantedBy(Exception? fault) => fault switch
    {
        null => false,
        WebException { Response: HttpWebResponse { StatusCode: HttpStatusCode.ProxyAuthenticationRequired } } => true,
        // A tunnel that is refused has no answer to show; its message, in any language, has the number.
        HttpRequestException or WebException when Digits(fault.Message) => true,
        _ => IsWantedBy(fault.InnerException),
    };

    private static bool Digits(string message) =>
        message.IndexOf("407", StringComparison.Ordinal) is var at and >= 0
        && !(at > 0 && char.IsLetterOrDigit(message[at - 1]))
        && !(at + 3 < message.Length && char.IsLetterOrDigit(message[at + 3]));
}
