using KlingEffects.Http;

namespace KlingEffects.Api.Exchange;

/// <summary>The result of one request: a complete answer, the first part of one, or none. Holds no HTTP objects.</summary>
/// <remarks>Unfit: why the body was not read. Fault: what failed before the answer's end, or with status 0 before its start.</remarks>
internal sealed record Response(
    int Status, ReadOnlyMemory<byte> Body, BodyProgress Sent = BodyProgress.Whole, long? RequestLength = null,
    TimeSpan? ClockAhead = null, TimeSpan? RetryAfter = null, string? Unfit = null, RequestFault? Fault = null)
{
    public static Response None(BodyProgress sent, RequestFault fault) => new(0, default, sent, Fault: fault);
}
