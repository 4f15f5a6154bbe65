using System.Collections.Frozen;
using System.Text.Json.Serialization;
using KlingEffects.Emulator.Answers;
using KlingEffects.Emulator.Configuration;

namespace KlingEffects.Emulator.Faults;

/// <summary>How a request is made to go wrong.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(AnswerStatus), "status")]
[JsonDerivedType(typeof(AcceptThenStatus), "acceptThenStatus")]
[JsonDerivedType(typeof(AnswerIn), "answerIn")]
[JsonDerivedType(typeof(Redirect), "redirect")]
[JsonDerivedType(typeof(ResetBefore), "resetBefore")]
[JsonDerivedType(typeof(ResetAfter), "resetAfter")]
[JsonDerivedType(typeof(Truncate), "truncate")]
[JsonDerivedType(typeof(Stall), "stall")]
[JsonDerivedType(typeof(Throttle), "throttle")]
[JsonDerivedType(typeof(NoContentLength), "noContentLength")]
[JsonDerivedType(typeof(ExpiredUrl), "expiredUrl")]
[JsonDerivedType(typeof(RangeIgnored), "rangeIgnored")]
[JsonDerivedType(typeof(WrongContentRange), "wrongContentRange")]
[JsonDerivedType(typeof(ChangedETag), "changedETag")]
[JsonDerivedType(typeof(FailTask), "failTask")]
[JsonDerivedType(typeof(NeverEnds), "neverEnds")]
[JsonDerivedType(typeof(SucceedWithoutUrl), "succeedWithoutUrl")]
public abstract record FaultEffect
{
    private protected FaultEffect()
    {
    }

    /// <summary>How the answer is sent.</summary>
    internal virtual Delivery Delivery => Delivery.Plain;
}

/// <summary>Another answer than the right one.</summary>
/// <param name="Code">The HTTP status.</param>
public abstract record OtherAnswer(int Code) : FaultEffect
{
    /// <summary>The HTTP status.</summary>
    public int Code { get; } = Code is >= 200 and <= 599 ? Code : throw new ArgumentOutOfRangeException(nameof(Code), Code, "An HTTP status is a number from 200 to 599.");

    /// <summary>The body, where <c>{task_id}</c> stands for the task's id and <c>{video_url}</c> for its first video's URL; null for what is usual with the status.</summary>
    public string? Body { get; init; }

    /// <summary>The content type of <see cref="Body"/>.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>More headers, such as Retry-After.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = FrozenDictionary<string, string>.Empty;
}

/// <summary>Answers a status and does nothing: a submit creates no task.</summary>
/// <param name="Code">The HTTP status.</param>
public sealed record AnswerStatus(int Code) : OtherAnswer(Code);

/// <summary>Does what was asked and answers something else: a submit does create its task.</summary>
/// <param name="Code">The HTTP status.</param>
public sealed record AcceptThenStatus(int Code) : OtherAnswer(Code);

/// <summary>Answers a query in another dialect.</summary>
/// <param name="Shape">The dialect.</param>
public sealed record AnswerIn(AnswerShape Shape) : FaultEffect;

/// <summary>Answers a redirect and does nothing.</summary>
/// <param name="Location">Where to.</param>
/// <param name="Code">301, 302, 303, 307 or 308.</param>
public sealed record Redirect(string Location, int Code = 302) : FaultEffect;

/// <summary>Resets the connection and does nothing; a submit's body is not read where the fault asks nothing about it.</summary>
public sealed record ResetBefore : FaultEffect;

/// <summary>Does what was asked and resets the connection instead of answering: a submit does create its task.</summary>
public sealed record ResetAfter : FaultEffect;

/// <summary>Ends the connection in the middle of the body.</summary>
/// <param name="Bytes">How many bytes of the body are sent.</param>
public sealed record Truncate(long Bytes) : FaultEffect
{
    internal override Delivery Delivery => Delivery.Plain with { TruncateAfter = Bytes };
}

/// <summary>Falls silent in the middle of the body.</summary>
/// <param name="Bytes">How many bytes of the body are sent first.</param>
/// <param name="For">For how long, by the emulator's clock; null until the client goes away.</param>
public sealed record Stall(long Bytes, TimeSpan? For = null) : FaultEffect
{
    internal override Delivery Delivery => Delivery.Plain with { StallAfter = Bytes, StallFor = For ?? Timeout.InfiniteTimeSpan };
}

/// <summary>Sends the body slowly.</summary>
/// <param name="BytesPerSecond">How fast, by the emulator's clock.</param>
public sealed record Throttle(long BytesPerSecond) : FaultEffect
{
    internal override Delivery Delivery => Delivery.Plain with { BytesPerSecond = BytesPerSecond };
}

/// <summary>Sends the body in chunks, without saying how long it is.</summary>
public sealed record NoContentLength : FaultEffect
{
    internal override Delivery Delivery => Delivery.Plain with { IsChunked = true };
}

/// <summary>Expires the URLs that the task's queries gave so far; a fresh query gives good ones.</summary>
/// <param name="Code">What the video host answers: 403, 404 or 410.</param>
public sealed record ExpiredUrl(int Code = 403) : FaultEffect;

/// <summary>The video host answers 200 with the whole video, whatever range was asked for.</summary>
public sealed record RangeIgnored : FaultEffect;

/// <summary>The video host answers 206 with another range than the one asked for: the same length, from the start of the video.</summary>
public sealed record WrongContentRange : FaultEffect;

/// <summary>The video host names another validator than before, and ranges on the old one are not honoured.</summary>
public sealed record ChangedETag : FaultEffect;

/// <summary>The task ends as failed: on a submit when its time comes, on a query at once.</summary>
/// <param name="Reason">The <c>task_status_msg</c>.</param>
public sealed record FailTask(string Reason) : FaultEffect;

/// <summary>The task goes on for ever.</summary>
public sealed record NeverEnds : FaultEffect;

/// <summary>The task succeeds, and its URL is shown only later.</summary>
/// <param name="For">How much later than the end.</param>
public sealed record SucceedWithoutUrl(TimeSpan For) : FaultEffect;
