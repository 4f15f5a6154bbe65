namespace KlingEffects;

/// <summary>What became of a job of a journal. Flat, so that it survives Export-Clixml, CSV and JSON, and pipes on like a task.</summary>
public sealed record KlingJob
{
    /// <summary>The user's own id, or null where the job is known by its content.</summary>
    public string? ExternalTaskId { get; init => field = ServerText.Kept(value); }

    /// <summary>The effect scene, or null where the journal does not tell.</summary>
    public string? Scene { get; init => field = ServerText.Kept(value); }

    /// <summary>The images by name: paths, or URLs without their query. Never their bytes.</summary>
    public IReadOnlyList<string> Images { get; init => field = TextList.Printable(value); } = [];

    /// <summary>How far it has got; uncertain where that is no state which this version knows.</summary>
    public KlingJobState State
    {
        get;
        init => field = value is >= KlingJobState.Submitting and <= KlingJobState.Saved ? value : KlingJobState.Uncertain;
    }

    /// <summary>The id of its task, of the last attempt; null while there is none.</summary>
    public string? TaskId { get; init => field = ServerText.Kept(value); }

    /// <summary>The video route its task belongs to.</summary>
    public string Kind { get; init => field = ServerText.Kept(value); } = KlingTask.EffectsKind;

    /// <summary>Whose API it was submitted to; null where nobody told.</summary>
    public KlingGatewayName? Gateway { get; init; }

    /// <summary>Which attempt this is, from 1: a job whose task failed may be submitted anew.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The reason of a failure, of a refusal or of the doubt, as a sentence; null where there is none.</summary>
    public string? Message
    {
        get => State switch
        {
            KlingJobState.Failed => $"{(Record.Message ?? "The API gave no reason").TrimEnd('.')}.",
            KlingJobState.Uncertain => Record.Message ?? "The submit was begun and no answer to it is known: it may have been accepted.",
            KlingJobState.Refused => Record.Message ?? $"The API created nothing ({ErrorId ?? "it gave no reason"}).",
            _ => Record.Message,
        };
        init => Record = Record with { Message = string.IsNullOrWhiteSpace(value) ? null : ServerText.Kept(value) };
    }

    /// <summary>The error id, such as <c>KlingTaskFailed</c>, where something went wrong; else null.</summary>
    public string? ErrorId
    {
        get => State switch
        {
            KlingJobState.Failed => KlingException.NameOf(KlingErrorId.TaskFailed),
            KlingJobState.Uncertain => KlingException.NameOf(KlingErrorId.SubmitUncertain),
            _ => field,
        };
        init => field = ServerText.Kept(value);
    }

    /// <summary>The API's own code of what went wrong, or null.</summary>
    public string? Code { get; init => field = ServerText.Kept(value); }

    /// <summary>What the API says its tasks cost, in its units, those of failed attempts too; null where it does not say.</summary>
    public decimal? Units { get => Sum(Earlier?.Units, Record.Units); init => Record = Record with { Units = value }; }

    /// <summary>What the API says they cost in money, where the account pays cash; null where it does not say. The currency is the
    /// account's, which the effects' route does not name. Never to be added to <see cref="Units"/>.</summary>
    public decimal? Cost { get => Sum(Earlier?.Cost, Record.Cost); init => Record = Record with { Cost = value }; }

    /// <summary>When its last submit began; null where the journal does not tell.</summary>
    public DateTimeOffset? SubmittedAt { get; init => field = value?.ToUniversalTime(); }

    /// <summary>When its task ended; null before, and where nobody asked.</summary>
    public DateTimeOffset? EndedAt { get => Record.EndedAt; init => Record = Record with { EndedAt = value }; }

    /// <summary>When its videos were complete on disk; null before.</summary>
    public DateTimeOffset? SavedAt { get => Record.SavedAt; init => Record = Record with { SavedAt = value }; }

    /// <summary>The full paths of its videos as they were saved; empty before.</summary>
    public IReadOnlyList<string> Files
    {
        get => TextList.Printable((Record.Files ?? []).Select(static file => file.Path ?? ""));
        init => Record = Record with { Files = value.Count == 0 ? null : [.. value.Select(static file => new SavedFile { Path = file })] };
    }

    /// <summary>The journal that tells of it.</summary>
    public string JournalPath { get; init; } = "";

    /// <summary>What identifies the job: <c>x:</c> and its external id, or <c>sha256:</c> and a digest of its content.</summary>
    internal string Key { get; init; } = "";

    /// <summary>The external id of all its attempts, the user's or a derived one; null if unknown.</summary>
    internal string? CommonId { get; init; }

    internal string? SentId { get; init; }

    /// <summary>The start of each image's digest, if known.</summary>
    internal IReadOnlyList<string> Digests { get; init; } = [];

    /// <summary>The first submit of the attempt: a task that is older is another job's.</summary>
    internal DateTimeOffset? FirstSubmittedAt { get; init; }

    /// <summary>Whether an earlier submit is unresolved, which a later refusal does not change.</summary>
    internal bool InDoubt { get; init; }

    internal string? RequestId { get; init; }

    /// <summary>The end of its task and its files; of a job without a task, why it has none.</summary>
    internal TaskRecord Record { get; init; } = TaskRecord.None;

    /// <summary>The cost of its failed attempts, or null.</summary>
    internal TaskRecord? Earlier { get; init; }

    internal bool HasTask => TaskId is not null;
    internal bool HasFailed => State == KlingJobState.Failed;

    /// <summary>Whether it may have been accepted without a known task.</summary>
    internal bool IsUncertain => State is KlingJobState.Uncertain or KlingJobState.Submitting;

    internal KlingException ToDoubt()
    {
        string name = $"{Scene} ({string.Join(", ", Images)})";
        return new KlingException(
            KlingErrorId.SubmitUncertain,
            $"The submit of {name} with the external id {SentId ?? CommonId ?? "(none)"} may have been accepted, "
                + $"and no task is known of it.")
        {
            RecommendedAction = $"Look for the external id in the provider's task list; if it is not there, {Term.SubmitJob} with "
                + $"{Term.RetryUncertain} and the journal '{JournalPath}' submits the job again.",
            Target = SentId ?? CommonId ?? name,
            ExternalTaskId = CommonId,
            Code = Code,
        };
    }

    internal KlingException WhyNoTask() => new(
        Enum.TryParse(ErrorId?.Replace("Kling", ""), out KlingErrorId known) ? known : KlingErrorId.InvalidRequest,
        $"{Message ?? $"The job is {State}."}") { Code = Code };

    /// <summary>Its task, whose status must be queried unless it failed; null if it has none.</summary>
    internal KlingTask? ToTask() => TaskId is null ? null : new KlingTask
    {
        TaskId = TaskId,
        ExternalTaskId = CommonId ?? ExternalTaskId,
        Status = KlingTaskStatuses.FromJobState(State),
        StatusMessage = HasFailed ? Record.Message : null,
        Kind = Kind,
        Gateway = Gateway,
        Scene = Scene,
        Images = TextList.From(Images),
        Units = Record.Units,
        Cost = Record.Cost,
        CreatedAt = Record.CreatedAt,
        UpdatedAt = EndedAt,
        RequestId = RequestId,
        JournalPath = JournalPath.Length > 0 ? JournalPath : null,
        Context = new TaskContext { JournaledAt = SubmittedAt, IsJournaled = true, Record = Known },
    };

    // A job from Export-Clixml has its state only.
    private TaskRecord Known => Record.Status is not null ? Record : Record with
    {
        Status = KlingTaskStatuses.FromJobState(State).ToEnd(),
        Files = State == KlingJobState.Saved ? Record.Files : null,
    };

    private static decimal? Sum(decimal? one, decimal? other) => one is null ? other : one + (other ?? 0);

    /// <inheritdoc/>
    public override string ToString() => ExternalTaskId ?? TaskId ?? $"{Scene} ({string.Join(", ", Images)})";
}
