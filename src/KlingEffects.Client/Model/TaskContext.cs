namespace KlingEffects;

/// <summary>State of a live task within one pipeline.</summary>
internal sealed record TaskContext
{
    /// <summary>The task's place in the input of the first cmdlet, from 1; null where none numbered it.</summary>
    public int? Index { get; set; }

    /// <summary>Whether the task's external id was made for it, and is nobody's name for the job.</summary>
    public bool HasDerivedId { get; set; }

    /// <summary>When this process submitted the task, by the client's clock; null for a task it only heard of.</summary>
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>When a journal says that the job was submitted, by its writer's clock.</summary>
    public DateTimeOffset? JournaledAt { get; init; }

    /// <summary>Whether a journal has the task's id.</summary>
    public bool IsJournaled { get; set; }

    /// <summary>What the journal says of it beyond its id.</summary>
    public TaskRecord? Record { get; set; }

    /// <summary>The tasks that were reported to be lost to a journal; shared by the commands of a pipeline.</summary>
    public ConcurrentStringSet? ReportedLost { get; set; }

    /// <summary>Whether the task's failure has been written as an error, which is done once a pipeline.</summary>
    public bool Reported { get; set; }

    /// <summary>What the pipeline that the object came out of hangs on it; null outside of one.</summary>
    public object? Origin { get; set; }
}
