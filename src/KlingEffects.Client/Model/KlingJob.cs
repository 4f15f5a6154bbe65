namespace KlingEffects;

/// <summary>What became of one job of a journal. Flat, so that it survives Export-Clixml, CSV and JSON, and pipes on like a task.</summary>
public sealed class KlingJob
{
    /// <summary>The user's own id, or null where the job is known by its content.</summary>
    public string? ExternalTaskId { get; init; }

    /// <summary>The effect scene, or null where the journal does not tell.</summary>
    public string? Scene { get; init; }

    /// <summary>The images by name: paths, or URLs without their query. Never their bytes.</summary>
    public IReadOnlyList<string> Images { get; init => field = TextList.Of(value); } = [];

    /// <summary>How far it has got.</summary>
    public KlingJobState State { get; init; }

    /// <summary>The id of its task, of the last attempt; null while there is none.</summary>
    public string? TaskId { get; init; }

    /// <summary>The video route its task belongs to.</summary>
    public string Kind { get; init; } = KlingTask.EffectsKind;

    /// <summary>Whose API it was submitted to; null where nobody told.</summary>
    public KlingGatewayName? Gateway { get; init; }

    /// <summary>Which attempt this is, from 1: a job whose task failed may be submitted anew.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The reason of a failure, of a refusal or of the doubt, as a sentence; null where there is none.</summary>
    public string? Message { get; init; }

    /// <summary>The error id, such as <c>KlingTaskFailed</c>, where something went wrong; else null.</summary>
    public string? ErrorId { get; init; }

    /// <summary>The API's own code of what went wrong, or null.</summary>
    public string? Code { get; init; }

    /// <summary>What the API says its tasks cost, in its units, those of failed attempts too; null where it does not say.</summary>
    public decimal? Units { get; init; }

    /// <summary>What the API says they cost in money, where the account pays cash; null where it does not say. The currency is the
    /// account's, which the effects' route does not name. Never to be added to <see cref="Units"/>.</summary>
    public decimal? Cost { get; init; }

    /// <summary>When its last submit began; null where the journal does not tell.</summary>
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>When its task ended; null before, and where nobody asked.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When its videos were complete on disk; null before.</summary>
    public DateTimeOffset? SavedAt { get; init; }

    /// <summary>The full paths of its videos as they were saved; empty before.</summary>
    public IReadOnlyList<string> Files { get; init => field = TextList.Of(value); } = [];

    /// <summary>The journal that tells of it.</summary>
    public string JournalPath { get; init; } = "";

    /// <summary>The request id of the answer that accepted it, or null.</summary>
    internal string? RequestId { get; init; }

    /// <summary>What the journal says of its task's end; null for a job that was not read from a journal here.</summary>
    internal TaskRecord? Record { get; init; }

    /// <summary>Its task, as far as it is known; null while it has none.</summary>
    internal KlingTask? ToTask() => TaskId is null ? null : new KlingTask
    {
        TaskId = TaskId,
        ExternalTaskId = ExternalTaskId,
        Status = State switch
        {
            KlingJobState.Failed => KlingTaskStatus.Failed,
            KlingJobState.Succeeded or KlingJobState.Saved => KlingTaskStatus.Succeed,
            _ => KlingTaskStatus.Submitted,
        },
        StatusMessage = State == KlingJobState.Failed ? Message : null,
        Kind = Kind,
        Gateway = Gateway,
        Scene = Scene,
        Images = Images,
        Units = Record is null ? Units : Record.Units,
        Cost = Record is null ? Cost : Record.Cost,
        CreatedAt = Record?.CreatedAt,
        UpdatedAt = EndedAt,
        RequestId = RequestId,
        JournalPath = JournalPath.Length > 0 ? JournalPath : null,
        Context = new TaskContext { JournaledAt = SubmittedAt, IsJournaled = true, Record = Record ?? Told() },
    };

    // Of a job that went through Export-Clixml.
    private TaskRecord Told() => new()
    {
        Status = State switch
        {
            KlingJobState.Failed => "failed",
            KlingJobState.Succeeded or KlingJobState.Saved => "succeed",
            _ => null,
        },
        Files = State == KlingJobState.Saved ? [.. Files.Select(static file => new SavedFile { Path = file })] : null,
    };

    /// <inheritdoc/>
    public override string ToString() => ExternalTaskId ?? TaskId ?? $"{Scene} ({string.Join(", ", Images)})";
}
