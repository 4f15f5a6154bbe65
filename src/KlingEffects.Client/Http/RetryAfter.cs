using System.Net.Http.Headers;

namespace KlingEffects.Http;

/// <summary>How long a server asks to be left alone (RFC 9110, section 10.2.3).</summary>
internal static class RetryAfter
{
    /// <summary>The wait from now, or null where none is asked for. A date is read against the server's own.</summary>
    public static TimeSpan? From(HttpResponseHeaders headers, TimeProvider time)
    {
        TimeSpan? wait = headers.RetryAfter?.Delta ?? (headers.RetryAfter?.Date - (headers.Date ?? time.GetUtcNow()));
        return wait > TimeSpan.Zero ? wait : null;
    }
}
