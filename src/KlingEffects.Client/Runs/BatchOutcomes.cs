using System.Collections.Concurrent;
using KlingEffects.Jobs;
using KlingEffects.Journal;

namespace KlingEffects.Runs;

/// <summary>What has become of a batch's rows.</summary>
internal sealed class BatchOutcomes(JobJournal journal, TimeProvider time)
{
    private readonly ConcurrentDictionary<int, KlingJob> _ended = new();

    /// <summary>The jobs that have come to their end, in the order of their rows.</summary>
    public IReadOnlyList<KlingJob> Jobs => [.. _ended.OrderBy(static ended => ended.Key).Select(static ended => ended.Value)];

    public bool Has(BatchRow row) => _ended.ContainsKey(row.Index);

    /// <summary>The row's job as the journal has it, with what this run knows beside that.</summary>
    public KlingJob Record(BatchRow row, KlingTask? task, KlingException? failure)
    {
        KlingJob? known = task is not null ? journal.JobOfTask(task.TaskId) is { } key ? journal.Find(key) : null
            : row.ExternalTaskId is { } id ? journal.Find(JobKey.FromOwnId(id))
            : null;
        KlingJob job = known ?? row.Journaled ?? new KlingJob
        {
            ExternalTaskId = row.ExternalTaskId,
            State = failure?.Id == KlingErrorId.SubmitUncertain ? KlingJobState.Uncertain : KlingJobState.Refused,
            Scene = row.Job?.Scene ?? row.Scene,
            Images = [.. row.Job?.Images.Select(static image => image.ToString()) ?? row.Images],
            JournalPath = journal.FilePath,
        };
        if (task?.Context.Record is { } record)
        {
            job = JobSteps.Conclude(job, JournalEntry.FromOutcome(task.TaskId, record, time.GetUtcNow()));
        }

        return _ended[row.Index] = failure is null ? job : job with
        {
            State = job.State == KlingJobState.Saved ? KlingJobState.Succeeded : job.State,
            Message = job.HasFailed ? job.Record.Message : failure.Message,
            ErrorId = failure.ErrorId,
            Code = failure.Code ?? job.Code,
        };
    }
}
