namespace KlingEffects;

/// <summary>A failure with its reason. Holds no HTTP message, no key and no signed URL.</summary>
public sealed class KlingException : Exception
{
    private readonly string? _advice;

    /// <summary>Makes one; the message says what happened and names the thing.</summary>
    public KlingException(KlingErrorId id, string message, Exception? innerException = null)
        : this(id, (SafeText)message, innerException)
    {
    }

    internal KlingException(
        KlingErrorId id, SafeText message, Exception? innerException = null, string? advice = null, object? target = null)
        : base(message.ToString(), ForeignException.From(innerException)) =>
        (Id, RecommendedAction, Target) = (id, advice, target);

    /// <summary>The kind of failure.</summary>
    public KlingErrorId Id { get; }

    /// <summary>The error id that scripts see, such as <c>KlingTaskFailed</c>.</summary>
    public string ErrorId => NameOf(Id);

    /// <summary>The API's own code as text (<c>1303</c>, <c>model_not_found</c>), or null.</summary>
    public string? Code { get; init => field = ServerText.Clean(value); }

    /// <summary>The HTTP status of the answer, or null where none came.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The request id of the answer, for the provider's support, or null.</summary>
    public string? RequestId { get; init => field = ServerText.Clean(value); }

    /// <summary>How long the server asked to be left alone, or null where it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The task in question, or null.</summary>
    public string? TaskId { get; init => field = ServerText.Id(value); }

    /// <summary>The user's own id of the job in question, or null.</summary>
    public string? ExternalTaskId { get => field ?? (Target as KlingTask)?.ExternalTaskId; init => field = ServerText.Id(value); }

    /// <summary>The start of an answer that was not understood, cleaned for printing; null otherwise.</summary>
    public string? AnswerBody { get; init => field = value is null ? null : ServerText.Line(value); }

    /// <summary>What a user can do now, or null.</summary>
    public string? RecommendedAction
    {
        get => OwnAdvice is { } advice ? Advice.WithNames(advice, null, null) : null;
        init => _advice = value is null ? null : ServerText.Line(value);
    }

    /// <summary>The task, path or id for the error record's target.</summary>
    internal object? Target { get; init => field = value is string text ? ServerText.Line(text) : value; }

    internal static string NameOf(KlingErrorId id) => "Kling" + id;

    /// <summary>The same failure with a target; the subject begins the message.</summary>
    internal KlingException WithSubject(object target, string? taskId = null, string? subject = null) =>
        Copy(subject is null ? null : (SafeText)$"{subject}: {(SafeText)Message}", target, taskId);

    internal KlingException Of(string? externalTaskId) => Copy(externalTaskId: externalTaskId);

    internal KlingException With(SafeText message, KlingErrorId? id = null, string? advice = null, string? taskId = null) =>
        Copy(message, null, taskId, null, advice, id);

    internal KlingException Advised(string keyVariable, string addressVariable) =>
        OwnAdvice is { } advice ? Copy(advice: Advice.WithNames(advice, keyVariable, addressVariable)) : this;

    private string? OwnAdvice => _advice ?? Advice.For(Id);

    private KlingException Copy(
        SafeText? message = null, object? target = null, string? taskId = null, string? externalTaskId = null, string? advice = null,
        KlingErrorId? id = null) => new(id ?? Id, message ?? Message, InnerException)
        {
            Code = Code,
            HttpStatus = HttpStatus,
            RequestId = RequestId,
            RetryAfter = RetryAfter,
            TaskId = taskId ?? TaskId,
            ExternalTaskId = externalTaskId ?? ExternalTaskId,
            AnswerBody = AnswerBody,
            RecommendedAction = advice ?? _advice,
            Target = target ?? Target,
        };
}
