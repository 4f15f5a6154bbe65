namespace KlingEffects;

/// <summary>State of a live task within one pipeline.</summary>
internal sealed record TaskContext
{
    /// <summary>The task's number in the input of the first cmdlet, from 1; or null.</summary>
    public int? Index { get; set; }
    public bool HasDerivedId { get; set; }

    /// <summary>When this process submitted the task; null if it did not.</summary>
    public DateTimeOffset? SubmittedAt { get; private init; }
    private long SubmittedTimestamp { get; init; }

    /// <summary>When the job was submitted by its journal, which another clock may have written.</summary>
    public DateTimeOffset? JournaledAt { get; init; }

    public bool IsJournaled { get; set; }
    public TaskRecord? Record { get; set; }

    /// <summary>The tasks whose loss was reported, shared by the commands of a pipeline.</summary>
    public ConcurrentStringSet? ReportedLost { get; set; }

    /// <summary>Whether the task's failure was written as an error, which is done once a pipeline.</summary>
    public bool Reported { get; set; }

    /// <summary>The link of the pipeline that the object came from; or null.</summary>
    public object? Origin { get; set; }

    public static TaskContext OfSubmit(TimeProvider time, bool isJournaled = false) =>
        new() { SubmittedAt = time.GetUtcNow(), SubmittedTimestamp = time.GetTimestamp(), IsJournaled = isJournaled };

    /// <summary>The time since the submit, by a clock that can't be set if it was this process's; null if unknown.</summary>
    public TimeSpan? Age(TimeProvider time) =>
        SubmittedAt is null ? time.GetUtcNow() - JournaledAt : time.GetElapsedTime(SubmittedTimestamp);
}
