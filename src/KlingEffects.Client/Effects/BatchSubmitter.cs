using System.Collections.Concurrent;
using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Jobs;
using KlingEffects.Queries;

namespace KlingEffects.Effects;

/// <summary>
/// Submits the jobs of one batch, each once: what the journal has a task for is not submitted, and what it has a doubt
/// about is looked up first.
/// </summary>
internal sealed class BatchSubmitter(ApiClient api, EffectSubmitters submitter, JobJournal? journal, bool retryUncertain)
{
    private readonly ConcurrentDictionary<string, byte> _claimed = new(StringComparer.Ordinal);

    /// <summary>The job's task: the journal's, one found by its external id, or a new one; null where the batch had the job before.</summary>
    /// <param name="job">What to make.</param>
    /// <param name="observer">Told of what is going on, and of what the user must know.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<KlingTask?> SubmitAsync(EffectJob job, IRunObserver observer, CancellationToken stop)
    {
        job.Check();
        string key = await (journal is null ? DuplicateDetection.KeyAsync(job, stop) : JobJournal.KeyAsync(job, stop)).ConfigureAwait(false);
        if (!_claimed.TryAdd(key, 0))
        {
            await observer.WarnAsync($"{job} is in this batch already and is one job; give -ExternalTaskId to make it another.").ConfigureAwait(false);
            return null;
        }

        return journal is null
            ? await submitter.SubmitAsync(job, SubmitLedger.None, observer, stop).ConfigureAwait(false)
            : await SubmitAsync(job, key, journal, observer, stop).ConfigureAwait(false);
    }

    private async Task<KlingTask> SubmitAsync(
        EffectJob job, string key, JobJournal journal, IRunObserver observer, CancellationToken stop)
    {
        JournaledJob known = journal.Find(key);
        if (known.State == JobState.Accepted)
        {
            await observer.TellAsync(new RunEvent.Recalled(job, known.TaskId!, WasLookedUp: false)).ConfigureAwait(false);
            return known.ToTask();
        }

        EffectJob named = job with { ExternalTaskId = job.ExternalTaskId ?? journal.ExternalIdFor(key) };
        bool inDoubt = known.State is JobState.Uncertain or JobState.Submitting;
        if (inDoubt && await LookUpAsync(journal, known, known.ExternalTaskId ?? named.ExternalTaskId!, stop).ConfigureAwait(false) is { } found)
        {
            await observer.TellAsync(new RunEvent.Recalled(job, found.TaskId, WasLookedUp: true)).ConfigureAwait(false);
            return found.Following(new KlingTask { Scene = job.Scene, ExternalTaskId = job.ExternalTaskId });
        }

        if (inDoubt && !retryUncertain)
        {
            throw known.ToDoubt(journal.FilePath);
        }

        JournalLedger ledger = new(journal, key, inDoubt, observer);
        KlingTask task = await submitter.SubmitAsync(named, ledger, observer, stop).ConfigureAwait(false);
        task.Context.IsJournaled = ledger.HasTask;
        return task;
    }

    // Before it is paid for again, the answer must be final: a new task may be unknown for a minute. Without, another run can ask again.
    private async Task<KlingTask?> LookUpAsync(JobJournal journal, JournaledJob known, string externalTaskId, CancellationToken stop)
    {
        if (!api.Gateway.AnswersExternalId)
        {
            return null;
        }

        try
        {
            using IDisposable slot = await submitter.Slots.TakeAsync(stop).ConfigureAwait(false);
            KlingTask answer = await TaskQuery.AskAsync(
                api, externalTaskId, new KlingTask { Context = new TaskContext { JournaledAt = retryUncertain ? known.At : null } }, stop).ConfigureAwait(false);
            if (answer.TaskId == externalTaskId)
            {
                return null; // the answer tells no id of its own, so it does not tell which task it is of
            }

            await journal.AcceptedAsync(known.Key, answer, found: true).ConfigureAwait(false);
            return answer;
        }
        catch (KlingException unknown) when (unknown.Id is KlingErrorId.TaskNotFound or KlingErrorId.InvalidRequest)
        {
            return null;
        }
    }
}
