using KlingEffects.Jobs;

namespace KlingEffects.Journal;

/// <summary>What a line makes of a job.</summary>
internal static class JobSteps
{
    /// <summary>The job after a line about its submit.</summary>
    public static JournaledJob Next(JournaledJob job, JournalEntry entry) => (entry.Event, job.State) switch
    {
        _ when Number(entry) < job.Attempt => job,
        (JournalEntry.Submitting or JournalEntry.Accepted, JobState.Accepted) when Number(entry) > job.Attempt => Anew(job, entry),
        (_, JobState.Accepted) => job,
        (JournalEntry.Submitting, _) => Begun(job, entry),
        (JournalEntry.Accepted, _) => Taken(job, entry),
        (JournalEntry.Refused, JobState.Submitting) => Failed(job, entry, job.InDoubt ? JobState.Uncertain : JobState.Refused),
        (JournalEntry.Uncertain, _) => Failed(job, entry, JobState.Uncertain),
        _ => job,
    };

    /// <summary>The job after a line about its task's end, in whichever order these come.</summary>
    public static JournaledJob Conclude(JournaledJob job, JournalEntry entry)
    {
        TaskRecord record = job.Record;
        if (entry is { Event: JournalEntry.Saved, Files: { Length: > 0 } files })
        {
            record = new TaskRecord { Ended = KlingTaskStatus.Succeed, Files = files };
        }
        else if (!record.IsSaved)
        {
            record = record with { Ended = Status(entry) ?? record.Ended };
        }

        return job with
        {
            Record = record,
            Message = record.Ended == KlingTaskStatus.Failed ? entry.Message : null,
            Units = entry.Units ?? job.Units,
            CreatedAt = entry.CreatedAt ?? job.CreatedAt,
            EndedAt = entry.EndedAt ?? job.EndedAt ?? entry.At,
            SavedAt = entry.Event == JournalEntry.Saved ? entry.At : job.SavedAt,
        };
    }

    private static int Number(JournalEntry entry) => entry.Attempt ?? 1;

    private static KlingTaskStatus? Status(JournalEntry entry) => entry.Status switch
    {
        JournalEntry.SucceedStatus => KlingTaskStatus.Succeed,
        JournalEntry.FailedStatus => KlingTaskStatus.Failed,
        _ => null,
    };

    // A new attempt of a job whose task failed: of the old task nothing is left but the id that the job goes by.
    private static JournaledJob Anew(JournaledJob job, JournalEntry entry)
    {
        JournaledJob anew = new() { Key = job.Key, ExternalTaskId = job.ExternalTaskId, Attempt = Number(entry) };
        return entry.Event == JournalEntry.Submitting ? Begun(anew, entry) : Taken(anew, entry);
    }

    private static JournaledJob Begun(JournaledJob job, JournalEntry entry) => new()
    {
        Key = job.Key,
        State = JobState.Submitting,
        Attempt = Number(entry),
        Scene = entry.Scene,
        ExternalTaskId = JobKey.OwnId(job.Key) ?? job.ExternalTaskId ?? entry.ExternalTaskId,
        SentId = entry.ExternalTaskId,
        Images = entry.Images ?? [],
        Digests = entry.Digests ?? [],
        Duration = entry.Duration,
        Mode = entry.Mode,
        ModelName = entry.ModelName,
        Gateway = entry.NamedGateway ?? KlingGatewayName.CometApi,
        At = entry.At,
        SubmittedAt = entry.At,
        InDoubt = job.InDoubt || job.State is JobState.Submitting or JobState.Uncertain,
    };

    private static JournaledJob Taken(JournaledJob job, JournalEntry entry) => job with
    {
        State = JobState.Accepted,
        Attempt = Number(entry),
        TaskId = entry.TaskId,
        Kind = entry.Kind ?? job.Kind,
        Gateway = entry.NamedGateway ?? job.Gateway,
        RequestId = entry.RequestId,
        Scene = entry.Scene ?? job.Scene,
        ExternalTaskId = job.ExternalTaskId ?? entry.ExternalTaskId,
        ErrorId = null,
        Code = null,
        Message = null,
        At = entry.At,
        InDoubt = false,
    };

    private static JournaledJob Failed(JournaledJob job, JournalEntry entry, JobState state) => job with
    {
        State = state,
        ErrorId = entry.Error,
        Code = entry.Code,
        Message = entry.Message,
        At = entry.At,
    };
}
