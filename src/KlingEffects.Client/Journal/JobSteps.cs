using KlingEffects.Jobs;

namespace KlingEffects.Journal;

/// <summary>Applies a journal's line to a job.</summary>
internal static class JobSteps
{
    /// <summary>The job after a line about its submit; null if no line has created it yet.</summary>
    public static KlingJob? Next(KlingJob? job, JournalEntry entry, string path) => (entry.Event, job) switch
    {
        (_, { Attempt: var attempt }) when entry.Number < attempt => job,
        (JournalEntry.Submitting or JournalEntry.Accepted, { HasTask: true } known) when entry.Number > known.Attempt =>
            Restarted(known, entry, path),
        (_, { HasTask: true }) => job,
        (JournalEntry.Submitting, _) => Begun(job, entry, path),
        (JournalEntry.Accepted, _) => Accepted(job ?? New(entry, path), entry),
        (JournalEntry.Refused, { State: KlingJobState.Submitting } known) =>
            Failed(known, entry, known.InDoubt ? KlingJobState.Uncertain : KlingJobState.Refused),
        (JournalEntry.Uncertain, _) => Failed(job ?? New(entry, path), entry, KlingJobState.Uncertain),
        _ => job,
    };

    /// <summary>The job after a line about its task's end or files, in any order.</summary>
    public static KlingJob Conclude(KlingJob job, JournalEntry entry)
    {
        TaskRecord record = job.Record.Then(entry.Outcome!);
        return job with
        {
            Record = record,
            State = record.IsSaved ? KlingJobState.Saved : record.Ended?.ToJobState() ?? KlingJobState.Running,
        };
    }

    private static KlingJob New(JournalEntry entry, string path) => new()
    {
        Key = entry.Job!,
        ExternalTaskId = JobKey.OwnId(entry.Job!),
        Attempt = entry.Number,
        JournalPath = path,
    };

    // A new attempt of a job whose task failed keeps only the job's external id and the cost so far.
    private static KlingJob Restarted(KlingJob job, JournalEntry entry, string path)
    {
        TaskRecord spent = new() { Units = job.Units, Cost = job.Cost };
        return entry.Event == JournalEntry.Submitting
            ? Begun(new KlingJob { CommonId = job.CommonId, State = KlingJobState.Refused, Earlier = spent }, entry, path)
            : Accepted(New(entry, path) with { ExternalTaskId = job.ExternalTaskId, CommonId = job.CommonId, Earlier = spent }, entry);
    }

    private static KlingJob Begun(KlingJob? job, JournalEntry entry, string path)
    {
        // Shares the string to save memory. The ledger's keys hold no id.
        string? own = JobKey.OwnId(entry.Job!);
        string? common = own is null ? job?.CommonId ?? entry.ExternalTaskId : own == entry.ExternalTaskId ? entry.ExternalTaskId : own;
        return new()
        {
            Key = entry.Job!,
            State = KlingJobState.Submitting,
            Attempt = entry.Number,
            Scene = entry.Scene,
            ExternalTaskId = JobKey.IsOfContent(entry.Job!) ? null : common,
            CommonId = common,
            SentId = entry.ExternalTaskId,
            Images = entry.Images ?? [],
            Digests = entry.Digests ?? [],
            Gateway = entry.NamedGateway ?? KlingGatewayName.CometApi,
            SubmittedAt = entry.At,
            FirstSubmittedAt = job?.FirstSubmittedAt ?? entry.At,
            InDoubt = job is { InDoubt: true } or { IsUncertain: true },
            Earlier = job?.Earlier,
            JournalPath = path,
        };
    }

    private static KlingJob Accepted(KlingJob job, JournalEntry entry) => job with
    {
        State = KlingJobState.Running,
        Attempt = entry.Number,
        TaskId = entry.TaskId,
        Kind = entry.Kind ?? job.Kind,
        Gateway = entry.NamedGateway ?? job.Gateway ?? KlingGatewayName.CometApi,
        RequestId = entry.RequestId,
        Scene = entry.Scene ?? job.Scene,
        CommonId = job.CommonId ?? entry.ExternalTaskId,
        SubmittedAt = job.SubmittedAt ?? entry.At,
        ErrorId = null,
        Code = null,
        Record = TaskRecord.None,
        InDoubt = false,
    };

    private static KlingJob Failed(KlingJob job, JournalEntry entry, KlingJobState state) => job with
    {
        State = state,
        Gateway = job.Gateway ?? KlingGatewayName.CometApi,
        ErrorId = entry.Error,
        Code = entry.Code,
        Record = entry.Message is { } message ? new TaskRecord { Message = message } : TaskRecord.None,
    };
}
