using System.Text.Json.Serialization;

namespace KlingEffects.Journal;

/// <summary>One event of one job: a line of the file. Members without a value are not written.</summary>
internal sealed class JournalEntry
{
    public const string Submitting = "submitting";
    public const string Accepted = "accepted";
    public const string Refused = "refused";
    public const string Uncertain = "uncertain";

    public string? Event { get; set; }

    public string? Job { get; set; }

    public DateTimeOffset? At { get; set; }

    public string? ExternalTaskId { get; set; }

    public string? Scene { get; set; }

    public string[]? Images { get; set; }

    public int? Duration { get; set; }

    public string? Mode { get; set; }

    public string? ModelName { get; set; }

    public string? TaskId { get; set; }

    public string? Kind { get; set; }

    public string? RequestId { get; set; }

    /// <summary>True for a task that a later look-up found, not the answer to the submit.</summary>
    public bool? Found { get; set; }

    public string? Error { get; set; }

    public string? Code { get; set; }

    public int? HttpStatus { get; set; }

    /// <summary>The start of an answer that was not understood, cleaned for printing.</summary>
    public string? Answer { get; set; }

    /// <summary>Whether the line holds what its event needs; events of later modules need nothing that is known here.</summary>
    [JsonIgnore]
    public bool IsWhole => Event switch
    {
        null => false,
        Accepted => Job is not null && !string.IsNullOrEmpty(TaskId),
        Submitting or Refused or Uncertain => Job is not null,
        _ => true,
    };

    public static JournalEntry OfSubmit(string key, EffectJob job, DateTimeOffset at) => new()
    {
        Event = Submitting,
        Job = key,
        At = at,
        ExternalTaskId = job.ExternalTaskId,
        Scene = job.Scene,
        Images = [.. job.Images.Select(static image => image.ToString())],
        Duration = job.Duration,
        Mode = job.Mode,
        ModelName = job.ModelName,
    };

    /// <param name="known">What the journal knows already, which the line does not say again.</param>
    /// <param name="task">The job's task.</param>
    /// <param name="found">Whether a look-up found it.</param>
    /// <param name="at">Now.</param>
    public static JournalEntry OfTask(JournaledJob known, KlingTask task, bool found, DateTimeOffset at) => new()
    {
        Event = Accepted,
        Job = known.Key,
        At = at,
        TaskId = task.TaskId,
        Kind = task.Kind,
        RequestId = task.RequestId,
        Found = found ? true : null,
        ExternalTaskId = known.ExternalTaskId is null ? task.ExternalTaskId : null,
        Scene = known.Scene is null ? task.Scene : null,
    };

    public static JournalEntry OfFailure(string kind, string key, KlingException why, DateTimeOffset at) => new()
    {
        Event = kind,
        Job = key,
        At = at,
        Error = why.ErrorId,
        Code = why.Code,
        HttpStatus = why.HttpStatus,
        RequestId = why.RequestId,
        Answer = ServerText.Clean(why.AnswerBody),
    };
}
