using KlingEffects.Http;

namespace KlingEffects.Api.Exchange;

/// <summary>What came of one request: an answer, read whole within a bound, or its first part, or none; free of HTTP objects.</summary>
/// <remarks>Unfit tells why the body was not read; Fault is what broke before the answer's end or, with status 0, its beginning.</remarks>
internal sealed record Response(
    int Status, ReadOnlyMemory<byte> Body, BodyProgress Sent = BodyProgress.Whole, long? RequestLength = null,
    TimeSpan ClockAhead = default, TimeSpan? RetryAfter = null, string? Unfit = null, RequestFault? Fault = null)
{
    public static Response None(BodyProgress sent, RequestFault fault) => new(0, default, sent, Fault: fault);
}
