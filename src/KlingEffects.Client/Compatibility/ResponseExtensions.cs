#if !NETSTANDARD2_0
using System.Net.Http.Headers;
using System.Text;

#endif
namespace KlingEffects;

/// <summary>What a framework's answers lack.</summary>
internal static class ResponseExtensions
{
    /// <summary>Lets a token end a read of the body that is under way. .NET Framework's streams do not look at theirs.</summary>
    public static CancellationTokenRegistration AbortOn(this HttpResponseMessage response, CancellationToken token) =>
#if NETSTANDARD2_0
        // Disposing reads on for up to half a second there, one response after another; whoever cancels must not wait for it.
        token.Register(() => ThreadPool.QueueUserWorkItem(static state => ((HttpResponseMessage)state!).Dispose(), response));
#else
        default;
#endif

    /// <summary>The Location header as it was sent: a client that reads it as a URI writes parts of it otherwise. Null where there is none.</summary>
    public static string? RawLocation(this HttpResponseMessage response)
    {
#if NETSTANDARD2_0
        return response.Headers.Location?.OriginalString;
#else
        if (!response.Headers.NonValidated.TryGetValues("Location", out HeaderStringValues values) || values.Count == 0)
        {
            return null;
        }

        // The handler gives one character a byte. UTF-8 comes to the same bytes when it is escaped; other bytes are escaped one by one.
        string raw = values.First();
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Encoding.Latin1.GetBytes(raw));
        }
        catch (ArgumentException)
        {
            return string.Concat(raw.Select(static c => c < '\x80' ? c.ToString() : $"%{(int)c:X2}"));
        }
#endif
    }
}
