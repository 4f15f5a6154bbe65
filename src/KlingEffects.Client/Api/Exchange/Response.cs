using KlingEffects.Http;

namespace KlingEffects.Api.Exchange;

/// <summary>What came back for one request: read whole, within a bound, and free of HTTP objects.</summary>
internal sealed record Response(int Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>How far the server's clock is ahead of ours; zero where it does not tell.</summary>
    public TimeSpan ClockAhead { get; init; }

    public BodyProgress Sent { get; init; } = BodyProgress.Whole;

    /// <summary>How long the server asks to be left alone, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public long? RequestLength { get; init; }

    /// <summary>Why the body was not read, in words; null where it was.</summary>
    public string? Unfit { get; init; }

    /// <summary>What broke after the first part of the body, which is all that there is; null where the whole came.</summary>
    public Exception? CutOff { get; init; }
}

/// <summary>How one exchange ended; one of the two is null, except where an answer was cut off.</summary>
/// <remarks>A class: what awaits a value of several fields is compiled for it alone, and the first request of a session waits for that.</remarks>
internal sealed record ExchangeResult(Response? Response, NoResponse? NoResponse);

/// <summary>No answer came.</summary>
/// <param name="Sent">How far the request's body had got.</param>
/// <param name="Reason">What happened, in words without secrets.</param>
internal sealed record NoResponse(BodyProgress Sent, string Reason)
{
    /// <summary>Whether asking again would end the same way.</summary>
    public bool IsPermanent { get; init; }

    /// <summary>The status of an answer that was not the server's own, such as a proxy's; null where there is none.</summary>
    public int? Status { get; init; }

    /// <summary>What a user can do, where more is known than the kind of failure tells.</summary>
    public string? Advice { get; init; }
}
