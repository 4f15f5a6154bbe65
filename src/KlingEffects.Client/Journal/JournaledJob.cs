namespace KlingEffects;

/// <summary>One job as a journal knows it.</summary>
public sealed record JournaledJob
{
    internal static readonly TaskRecord NoRecord = new();

    /// <summary>What the job is known by: <c>x:</c> and the user's own id, or <c>sha256:</c> and a digest of its content.</summary>
    public required string Key { get; init; }

    /// <summary>How far its submit got.</summary>
    public JobState State { get; init; }

    /// <summary>The effect scene, or null where the journal does not tell.</summary>
    public string? Scene { get; init; }

    /// <summary>The job's external id, the user's own or a derived one, the same for each attempt; null where the journal does not tell.</summary>
    public string? ExternalTaskId { get; init; }

    /// <summary>The images by name: paths, or URLs without their query. Never their bytes.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>Length of the video in seconds, or null where the journal does not tell.</summary>
    public int? Duration { get; init; }

    /// <summary>Generation mode, or null if none was sent.</summary>
    public string? Mode { get; init; }

    /// <summary>Model, or null if none was sent.</summary>
    public string? ModelName { get; init; }

    /// <summary>The task's id once the job is accepted; null before.</summary>
    public string? TaskId { get; init; }

    /// <summary>Whose API it was submitted to.</summary>
    public KlingGatewayName Gateway { get; init; }

    /// <summary>The video route the task belongs to.</summary>
    public string Kind { get; init; } = KlingTask.EffectsKind;

    /// <summary>The request id of the answer that accepted it, for the provider's support; null where there was none.</summary>
    public string? RequestId { get; init; }

    /// <summary>The error id of the last submit that failed, such as <c>KlingQuotaExceeded</c>; null if none did.</summary>
    public string? ErrorId { get; init; }

    /// <summary>The API's own code of that failure, or null.</summary>
    public string? Code { get; init; }

    /// <summary>When the state was reached, by the clock of the process that wrote it; null for a new job.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Which attempt the rest is about, from 1.</summary>
    internal int Attempt { get; init; } = 1;

    /// <summary>The external id as the attempt was sent.</summary>
    internal string? SentId { get; init; }

    /// <summary>The start of each image's digest; empty where the journal does not tell.</summary>
    internal IReadOnlyList<string> Digests { get; init; } = [];

    /// <summary>When the last submit began, in UTC ticks; 0 where the journal does not tell.</summary>
    internal long SubmittedTicks { get; init; }

    /// <summary>When the last submit began; null where the journal does not tell.</summary>
    internal DateTimeOffset? SubmittedAt => SubmittedTicks > 0 ? new DateTimeOffset(SubmittedTicks, TimeSpan.Zero) : null;

    /// <summary>How the accepted task ended, and where its videos are; of a job without a task, why it has none.</summary>
    internal TaskRecord Record { get; init; } = NoRecord;

    /// <summary>What its failed attempts cost in units, as far as the API told.</summary>
    internal decimal? EarlierUnits { get; init; }

    /// <summary>What its failed attempts cost in money, as far as the API told.</summary>
    internal decimal? EarlierCost { get; init; }

    /// <summary>Whether its task ended without a video.</summary>
    internal bool HasFailed => State == JobState.Accepted && Record is { Ended: KlingTaskStatus.Failed, IsSaved: false };

    /// <summary>Whether an earlier submit of the job was never cleared up, which a refusal of a later one does not do either.</summary>
    internal bool InDoubt { get; init; }

    /// <summary>The error of a job that may have been accepted.</summary>
    /// <param name="journalPath">Where the job stands.</param>
    internal KlingException ToDoubt(string journalPath)
    {
        string name = $"{Scene} ({string.Join(", ", Images)})";
        return new KlingException(
            KlingErrorId.SubmitUncertain,
            $"The submit of {name} with the external id {SentId ?? ExternalTaskId ?? "(none)"} may have been accepted, and no task is known of it.")
        {
            RecommendedAction = "Look for the external id in the provider's task list; if it is not there, New-KlingEffect with "
                + $"-RetryUncertain and the journal '{journalPath}' submits the job again.",
            Target = SentId ?? ExternalTaskId ?? name,
            ExternalTaskId = ExternalTaskId,
            Code = Code,
        };
    }

    /// <summary>The accepted job's task, so far as the journal knows it: unless it failed, to be asked for before its status is believed.</summary>
    /// <param name="journalPath">Where the job stands.</param>
    internal KlingTask ToTask(string journalPath) => new()
    {
        TaskId = TaskId ?? throw new InvalidOperationException($"The job '{Key}' has no task."),
        ExternalTaskId = ExternalTaskId,
        Status = Record.Ended ?? KlingTaskStatus.Submitted,
        StatusMessage = HasFailed ? Record.Message : null,
        Scene = Scene,
        Images = ImageNames.Of(Images),
        Units = Record.Units,
        Cost = Record.Cost,
        Kind = Kind,
        Gateway = Gateway,
        CreatedAt = Record.CreatedAt,
        UpdatedAt = Record.EndedAt,
        RequestId = RequestId,
        JournalPath = journalPath,
        Context = new TaskContext { JournaledAt = At, IsJournaled = true, Record = Record },
    };
}
