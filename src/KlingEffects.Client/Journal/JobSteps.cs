using KlingEffects.Jobs;

namespace KlingEffects.Journal;

/// <summary>What a line makes of a job.</summary>
internal static class JobSteps
{
    /// <summary>What is known of a job that no line has told of.</summary>
    public static JournaledJob Unknown { get; } = new() { Key = "" };

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
    public static JournaledJob Conclude(JournaledJob job, JournalEntry entry) => job with { Record = job.Record.Then(entry.Outcome!) };

    private static int Number(JournalEntry entry) => Math.Max(1, entry.Attempt);

    // A new attempt of a job whose task failed: of the old task nothing is left but the id that the job goes by, and what it cost.
    private static JournaledJob Anew(JournaledJob job, JournalEntry entry)
    {
        JournaledJob anew = new()
        {
            Key = entry.Job!,
            ExternalTaskId = job.ExternalTaskId,
            Attempt = Number(entry),
            EarlierUnits = JobView.Sum(job.EarlierUnits, job.Record.Units),
            EarlierCost = JobView.Sum(job.EarlierCost, job.Record.Cost),
        };
        return entry.Event == JournalEntry.Submitting ? Begun(anew, entry) : Taken(anew, entry);
    }

    private static JournaledJob Begun(JournaledJob job, JournalEntry entry) => new()
    {
        Key = entry.Job!,
        State = JobState.Submitting,
        Attempt = Number(entry),
        EarlierUnits = job.EarlierUnits,
        EarlierCost = job.EarlierCost,
        Scene = entry.Scene,
        ExternalTaskId = Shown(job, entry),
        SentId = entry.ExternalTaskId,
        Images = entry.Images ?? [],
        Digests = entry.Digests ?? [],
        Duration = entry.Duration,
        Mode = entry.Mode,
        ModelName = entry.ModelName,
        Gateway = entry.NamedGateway ?? KlingGatewayName.CometApi,
        At = entry.At,
        SubmittedTicks = entry.At?.UtcTicks ?? 0,
        InDoubt = job.InDoubt || job.State is JobState.Submitting or JobState.Uncertain,
    };

    // A second text of the same words would cost as much as the first.
    private static string? Shown(JournaledJob job, JournalEntry entry) =>
        JobKey.OwnId(entry.Job!) is not { } own ? job.ExternalTaskId ?? entry.ExternalTaskId
        : own == entry.ExternalTaskId ? entry.ExternalTaskId
        : own;

    private static JournaledJob Taken(JournaledJob job, JournalEntry entry) => job with
    {
        Key = entry.Job!,
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
        Record = JournaledJob.NoRecord,
        At = entry.At,
        InDoubt = false,
    };

    private static JournaledJob Failed(JournaledJob job, JournalEntry entry, JobState state) => job with
    {
        Key = entry.Job!,
        State = state,
        ErrorId = entry.Error,
        Code = entry.Code,
        Record = entry.Message is { } message ? new TaskRecord { Message = message } : JournaledJob.NoRecord,
        At = entry.At,
    };
}
