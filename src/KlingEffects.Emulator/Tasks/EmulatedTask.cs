using KlingEffects.Emulator.Recording;
using KlingEffects.Emulator.Specification;

namespace KlingEffects.Emulator.Tasks;

/// <summary>A task on the emulated account, live: its properties follow the clock.</summary>
public sealed class EmulatedTask
{
    private readonly TaskBook _book;
    private readonly TaskOrder _order;
    private volatile TaskPhase _phase;
    private int _urlGeneration;

    internal EmulatedTask(TaskBook book, TaskOrder order, string id, DateTimeOffset now, long videoSize, int videoCount)
    {
        _book = book;
        _order = order;
        _phase = new TaskPhase(TaskState.Submitted, now);
        Id = id;
        CreatedAt = now - order.Age;
        VideoSize = videoSize;
        VideoCount = videoCount;
        IsEndless = order.NeverEnds;
        WithoutUrlFor = order.WithoutUrlFor;
    }

    /// <summary>The id that the submit answered.</summary>
    public string Id { get; }

    /// <summary>The client's own id, where it gave one.</summary>
    public string? ExternalId => _order.Request.ExternalId;

    /// <summary>The route segment under which the task is found: <c>effects</c>, <c>image2video</c> and so on.</summary>
    public string Kind => _order.Kind;

    /// <summary>The effect scene, as submitted.</summary>
    public string? Scene => _order.Request.Scene;

    /// <summary>The length in seconds asked for, as submitted.</summary>
    public string? Duration => _order.Request.Duration;

    /// <summary>Where status changes are posted, as submitted.</summary>
    public string? CallbackUrl => _order.Request.CallbackUrl;

    /// <summary>The images submitted, in their order.</summary>
    public IReadOnlyList<SubmittedImage> Images => _order.Request.Images;

    /// <summary>How many images were submitted.</summary>
    public int ImageCount => Images.Count;

    /// <summary>The <see cref="RecordedRequest.Number"/> of the submit; 0 for a task added in-process.</summary>
    public long RequestNumber => _order.RequestNumber;

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>When its state last changed.</summary>
    public DateTimeOffset UpdatedAt => _phase.Since;

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? EndedAt => _phase is { IsEnd: true, Since: var since } ? since : null;

    /// <summary>Where it stands.</summary>
    public TaskState State => _phase.State;

    /// <summary>The reason of a failure; empty otherwise.</summary>
    public string StatusMessage => _phase.Message;

    /// <summary>How many videos it makes.</summary>
    public int VideoCount { get; }

    /// <summary>The bytes of each of its videos.</summary>
    public long VideoSize { get; }

    internal decimal Units { get; init; }

    internal bool IsEndless { get; set; }

    internal TimeSpan WithoutUrlFor { get; set; }

    internal TaskPhase Phase
    {
        get => _phase;
        set => _phase = value;
    }

    internal TimeSpan Age => _order.Age;

    internal string? FailReason => _order.FailReason;

    internal string? ImageDefect => _order.Request.ImageDefect;

    internal int UrlGeneration => Volatile.Read(ref _urlGeneration);

    /// <summary>Ends the task now, with its videos; no effect on one that has ended.</summary>
    public void Succeed() => _book.End(this, TaskState.Succeed, "");

    /// <summary>Ends the task now, without videos; no effect on one that has ended.</summary>
    /// <param name="reason">The reason, as the API's <c>task_status_msg</c>.</param>
    public void Fail(string reason) => _book.End(this, TaskState.Failed, reason);

    /// <summary>Makes every URL given so far answer as expired; the next query gives fresh ones.</summary>
    public void ExpireUrls() => Interlocked.Increment(ref _urlGeneration);
}
