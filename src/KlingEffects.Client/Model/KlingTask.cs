namespace KlingEffects;

/// <summary>A task as the API last told of it. Flat and immutable, so that it survives Export-Clixml, CSV and JSON.</summary>
public class KlingTask
{
    /// <summary>The video route of effect tasks.</summary>
    public const string EffectsKind = "effects";

    private KlingGatewayName? _gateway;
    private string _kind = EffectsKind;
    private string _taskId = "";
    private TaskContext? _context;

    /// <summary>The system's id: an opaque string, never a number.</summary>
    public string TaskId { get => _taskId; init => _taskId = value; }

    /// <summary>The user's own id, or null.</summary>
    public string? ExternalTaskId { get; init; }

    /// <summary>Where the task is.</summary>
    public KlingTaskStatus Status { get; init; }

    /// <summary>The API's reason (<c>task_status_msg</c>, <c>fail_reason</c>), or null.</summary>
    public string? StatusMessage { get; init => field = ServerText.Kept(value); }

    /// <summary>The video route the task belongs to: effects, text2video, image2video, lip-sync and so on.</summary>
    public string Kind { get => _kind; init => _kind = ServerText.Kept(value); }

    /// <summary>Whose API has the task; null where nobody told.</summary>
    public KlingGatewayName? Gateway { get => _gateway; init => _gateway = value; }

    /// <summary>The effect scene. Answers do not hold it: known where the task was submitted or told of here.</summary>
    public string? Scene { get; init => field = ServerText.Kept(value); }

    /// <summary>The images by name: paths, or URLs without their query. Known where the task was submitted or told of here.</summary>
    public IReadOnlyList<string> Images { get; init; } = TextList.None;

    /// <summary>What the API says the task cost, in its units (<c>final_unit_deduction</c>); null where it does not say.</summary>
    public decimal? Units { get; init; }

    /// <summary>What the API says the task cost in money, where the account pays cash; null where it does not say. The currency is the
    /// account's, which the effects' route does not name. Never to be added to <see cref="Units"/>.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The journal that has the task, where it is in one: who learns of its end or saves its videos writes it there.</summary>
    public string? JournalPath { get; init; }

    /// <summary>Percent done, where the answer tells (the wrapper dialect's <c>progress</c>).</summary>
    public int? Progress { get; init; }

    /// <summary>The videos of a task that succeeded; empty before.</summary>
    public IReadOnlyList<KlingVideo> Videos { get; init; } = [];

    /// <summary>When the API created the task, or null where the answer does not tell.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When the task last changed, or null where the answer does not tell.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The request id of the answer, for the provider's support.</summary>
    public string? RequestId { get; init => field = ServerText.Kept(value); }

    internal TimeSpan? ClockAhead { get; private set; }

    /// <summary>When the API created the task, by our clock.</summary>
    internal DateTimeOffset? CreatedHere => CreatedAt is { } created ? ServerClock.ToLocal(created, ClockAhead ?? default) : null;

    internal DateTimeOffset? UpdatedHere => UpdatedAt is { } updated ? ServerClock.ToLocal(updated, ClockAhead ?? default) : null;

    /// <summary>The API's last word for the status, or null.</summary>
    internal string? StatusWord { get; init => field = ServerText.Kept(value); }

    internal string? FailureCode { get; init => field = ServerText.Kept(value); }

    internal bool HasEnded => Status.HasEnded();
    internal bool HasFailed => Status.HasFailed();

    /// <summary>What the pipeline knows beyond the API's answer. Most answers of a long wait need none.</summary>
    internal TaskContext Context
    {
        get => _context ?? Interlocked.CompareExchange(ref _context, new TaskContext(), null) ?? _context;
        set => _context = value;
    }

    /// <summary>Its name in messages: the id and the known images.</summary>
    internal string Title => Images.Count == 0
        ? $"Task {TaskId}"
        : $"Task {TaskId} ({ServerText.Clean(string.Join(", ", Images.Select(TextList.ShortOf)))})";

    /// <inheritdoc/>
    public override string ToString() => TaskId;

    /// <summary>A copy for the start of another pipeline, with this gateway if it has none.</summary>
    internal KlingTask Restart(KlingGatewayName? gateway = null)
    {
        KlingTask copy = (KlingTask)MemberwiseClone();
        copy._gateway ??= gateway;
        copy.Context = Context with { ReportedLost = null, Reported = false, Origin = null };
        return copy;
    }

    /// <summary>The answer with its source, and how far the server's clock is ahead.</summary>
    internal KlingTask From(string kind, KlingGatewayName gateway, TimeSpan? clockAhead = null)
    {
        KlingTask copy = (KlingTask)MemberwiseClone();
        copy._kind = kind;
        copy.ClockAhead = clockAhead;
        copy._gateway ??= gateway;
        return copy;
    }

    /// <summary>The answer under the requested id, because gateways return upstream ids.</summary>
    internal KlingTask WithId(string asked)
    {
        KlingTask copy = (KlingTask)MemberwiseClone();
        copy._taskId = asked;
        return copy;
    }

    /// <summary>The answer with what an earlier object or the user knew and answers lack.</summary>
    internal KlingTask MergedWith(KlingTask earlier) => new()
    {
        TaskId = TaskId.Length > 0 ? TaskId : earlier.TaskId,
        // An attempt may be sent under a derived id, which answers return.
        ExternalTaskId = earlier.ExternalTaskId ?? ExternalTaskId,
        Status = Status,
        StatusMessage = StatusMessage,
        StatusWord = StatusWord ?? earlier.StatusWord,
        FailureCode = FailureCode,
        Kind = earlier.Kind,
        Gateway = Gateway ?? earlier.Gateway,
        Scene = Scene ?? earlier.Scene,
        Images = Images.Count > 0 ? Images : earlier.Images,
        Units = Units ?? earlier.Units,
        Cost = Cost ?? earlier.Cost,
        JournalPath = JournalPath ?? earlier.JournalPath,
        Progress = Progress,
        Videos = Videos,
        CreatedAt = CreatedAt ?? earlier.CreatedAt,
        ClockAhead = CreatedAt is null ? earlier.ClockAhead : ClockAhead,
        UpdatedAt = UpdatedAt ?? earlier.UpdatedAt,
        RequestId = RequestId ?? earlier.RequestId,
        Context = earlier.Context,
    };
}
