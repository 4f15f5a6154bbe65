namespace KlingEffects.Journal;

/// <summary>One event of one job: a line of the file. Members without a value are not written.</summary>
internal sealed record JournalEntry
{
    public const string Submitting = "submitting";
    public const string Accepted = "accepted";
    public const string Refused = "refused";
    public const string Uncertain = "uncertain";
    public const string Ended = "ended";
    public const string Saved = "saved";

    public string? Event { get; set; }
    public string? Job { get; set; }
    public DateTimeOffset? At { get; set; }

    /// <summary>The number of the attempt if it is not the first; else 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Attempt { get; set => field = value > 1 ? value : 0; }

    [JsonIgnore]
    public int Number => Math.Max(1, Attempt);

    public string? ExternalTaskId { get; set; }
    public string? Scene { get; set; }
    public string[]? Images { get; set; }

    /// <summary>The start of each image's digest, to notice another image under the same id.</summary>
    public string[]? Digests { get; set; }

    public int? Duration { get; set; }
    public string? Mode { get; set; }
    public string? ModelName { get; set; }

    /// <summary>The gateway if it is not CometAPI.</summary>
    public string? Gateway { get; set; }

    public string? TaskId { get; set; }
    public string? Kind { get; set; }
    public string? RequestId { get; set; }

    /// <summary>True if a later query found the task, rather than the submit's answer.</summary>
    public bool? Found { get; set; }

    public string? Error { get; set; }
    public string? Code { get; set; }
    public int? HttpStatus { get; set; }
    public string? Message { get; set; }
    public TaskRecord? Outcome { get; set; }

    /// <summary>The start of an answer that could not be read, fit to print.</summary>
    public string? Answer { get; set; }

    /// <summary>The gateway of the line; null for none and for an unknown one.</summary>
    [JsonIgnore]
    public KlingGatewayName? NamedGateway => Enum.TryParse(Gateway, out KlingGatewayName name) ? name : null;

    /// <summary>Whether the line holds what its event needs; unknown events of later versions need nothing.</summary>
    [JsonIgnore]
    public bool IsWhole => Event switch
    {
        null => false,
        Accepted => Job is not null && !string.IsNullOrEmpty(TaskId),
        Submitting or Refused or Uncertain => Job is not null,
        Ended or Saved => !string.IsNullOrEmpty(TaskId) && Outcome is not null,
        _ => true,
    };

    public static JournalEntry FromSubmit(string key, SubmitAttempt attempt, DateTimeOffset at) => new()
    {
        Event = Submitting,
        Job = key,
        At = at,
        Attempt = attempt.Number,
        ExternalTaskId = attempt.Job.ExternalTaskId,
        Scene = attempt.Job.Scene,
        Images = [.. attempt.Job.Images.Select(static image => image.ToString())],
        Digests = attempt.Digests,
        Duration = attempt.Job.Duration,
        Mode = attempt.Job.Mode,
        ModelName = attempt.Job.ModelName,
        Gateway = Unusual(attempt.Job.Gateway),
    };

    /// <summary>The job's task, without what the journal knows already.</summary>
    public static JournalEntry FromTask(KlingJob known, KlingTask task, bool found, DateTimeOffset? at) => About(known, Accepted, at) with
    {
        TaskId = task.TaskId,
        Kind = task.Kind,
        Gateway = task.Gateway == known.Gateway ? null : Unusual(task.Gateway),
        RequestId = task.RequestId,
        Found = found ? true : null,
        ExternalTaskId = known.CommonId is null ? task.ExternalTaskId : null,
        Scene = known.Scene is null ? task.Scene : null,
    };

    public static JournalEntry FromOutcome(string taskId, TaskRecord outcome, DateTimeOffset? at) => new()
    {
        Event = outcome.IsSaved ? Saved : Ended,
        At = at,
        TaskId = taskId,
        Outcome = outcome,
    };

    public static JournalEntry FromFailure(KlingJob job, string kind, KlingException why, DateTimeOffset? at) => About(job, kind, at) with
    {
        Message = ServerText.Clean(why.Message),
        Error = why.ErrorId,
        Code = why.Code,
        HttpStatus = why.HttpStatus,
        RequestId = why.RequestId,
        Answer = ServerText.Clean(why.AnswerBody),
    };

    /// <summary>The entries that recreate the job in an empty journal.</summary>
    public static IEnumerable<JournalEntry> FromJob(KlingJob job)
    {
        if (job.InDoubt && job.State == KlingJobState.Submitting)
        {
            yield return About(job, Uncertain, null);
        }

        yield return About(job, Submitting, job.SubmittedAt) with
        {
            ExternalTaskId = job.SentId ?? job.CommonId,
            Scene = job.Scene,
            Images = [.. job.Images],
            Digests = job.Digests.Count > 0 ? [.. job.Digests] : null,
            Gateway = Unusual(job.Gateway),
        };
        if (job.ToTask() is { } task)
        {
            yield return FromTask(job, task, found: false, job.SubmittedAt);
            if (job.Record.Status is not null)
            {
                yield return FromOutcome(task.TaskId, job.Record, job.SavedAt ?? job.EndedAt);
            }
        }
        else if (job.State != KlingJobState.Submitting)
        {
            yield return About(job, job.State == KlingJobState.Refused ? Refused : Uncertain, job.SubmittedAt) with
            {
                Message = job.Record.Message,
                Error = job.ErrorId,
                Code = job.Code,
            };
        }
    }

    private static JournalEntry About(KlingJob job, string kind, DateTimeOffset? at) =>
        new() { Event = kind, Job = job.Key, At = at, Attempt = job.Attempt };

    private static string? Unusual(KlingGatewayName? gateway) => gateway is null or KlingGatewayName.CometApi ? null : $"{gateway}";
}
