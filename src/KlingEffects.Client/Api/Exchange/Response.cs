using KlingEffects.Http;

namespace KlingEffects.Api.Exchange;

/// <summary>What came back for one request: read whole, within a bound, and free of HTTP objects.</summary>
/// <remarks>Unfit tells why the body was not read; CutOff is what broke after its first part, which is all that there is.</remarks>
internal sealed record Response(
    int Status, ReadOnlyMemory<byte> Body, BodyProgress Sent = BodyProgress.Whole, long? RequestLength = null,
    TimeSpan ClockAhead = default, TimeSpan? RetryAfter = null, string? Unfit = null, Exception? CutOff = null);

/// <summary>How one exchange ended; one of the two is null, except where an answer was cut off.</summary>
/// <remarks>A class: what awaits several values is compiled for them alone, and the first request of a session waits for that.</remarks>
internal sealed record ExchangeResult(Response? Response, NoResponse? NoResponse);

/// <summary>No answer came: how far the request's body had got, and what happened, in words without secrets.</summary>
/// <remarks>What is permanent would end so again; the status is of an answer that was not the server's own, such as a proxy's.</remarks>
internal sealed record NoResponse(BodyProgress Sent, string Reason, bool IsPermanent = false, int? Status = null, string? Advice = null);
