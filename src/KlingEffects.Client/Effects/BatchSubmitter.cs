using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Jobs;
using KlingEffects.Journal;
using KlingEffects.Queries;

namespace KlingEffects.Effects;

/// <summary>
/// Submits the jobs of one batch, each once: what the journal has a task for is not submitted, and what it has a doubt
/// about is looked up first.
/// </summary>
internal sealed class BatchSubmitter(ApiClient api, EffectSubmitters submitter, JobJournal? journal, RetryOptions retry, Ledger? ledger = null)
{
    private readonly ConcurrentStringSet _claimed = new();

    /// <summary>The job's task: the journal's, one found by its external id, or a new one; null where the batch had the job before.</summary>
    /// <param name="job">What to make.</param>
    /// <param name="observer">Told of what is going on, and of what the user must know.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<KlingTask?> SubmitAsync(EffectJob job, IRunObserver observer, CancellationToken stop)
    {
        // What has an id of its own can be known although its pictures are gone.
        string? own = journal is null ? null : JobKey.OfOwn(job);
        if (own is null || journal!.Find(own) is null or { State: KlingJobState.Refused })
        {
            job.Check();
        }

        string key = own ?? await (journal is null ? DuplicateDetection.KeyAsync(job, stop) : journal.FindKeyAsync(job, stop)).ConfigureAwait(false);
        if (!_claimed.Add(key))
        {
            await observer.WarnAsync($"{job} is in this batch already and is one job; give -ExternalTaskId to make it another.").ConfigureAwait(false);
            return null;
        }

        return journal is null
            ? await submitter.SubmitAsync(job, Noted(job, observer), observer, stop).ConfigureAwait(false)
            : await SubmitAsync(job, key, journal, observer, stop).ConfigureAwait(false);
    }

    private SubmitLedger Noted(EffectJob job, IRunObserver observer) =>
        ledger is null ? SubmitLedger.None : new JournalLedger(ledger, ledger.NewKey(), new SubmitAttempt(job), observer);

    private async Task<KlingTask> SubmitAsync(
        EffectJob job, string key, JobJournal journal, IRunObserver observer, CancellationToken stop)
    {
        KlingJob? known = journal.Find(key);
        if (known is { HasTask: true } && !retry.IsAnew(known))
        {
            return await RecallAsync(job, known, journal, observer, stop).ConfigureAwait(false);
        }

        string shownId = job.ExternalTaskId ?? journal.ExternalIdFor(key);
        int attempt = retry.IsAnew(known) ? known!.Attempt + 1 : known?.Attempt ?? 1;
        string sentId = (attempt == known?.Attempt ? known.SentId : null) ?? journal.SentIdFor(key, attempt);
        bool inDoubt = known is { IsUncertain: true };
        if (inDoubt && await LookUpAsync(journal, known!, sentId, stop).ConfigureAwait(false) is { } found)
        {
            await observer.TellAsync(new RunEvent.Recalled(job, found.TaskId, WasLookedUp: true)).ConfigureAwait(false);
            return found.Following(Told(job, shownId, journal));
        }

        if (inDoubt && !retry.Uncertain)
        {
            throw known!.ToDoubt();
        }

        string[]? digests = await RowDifference.DigestsAsync(job, stop).ConfigureAwait(false);
        SubmitAttempt first = new(job with { ExternalTaskId = sentId }) { Number = attempt, RetryUncertain = inDoubt, Digests = digests };
        JournalLedger ledger = new(journal, key, first, observer);
        KlingTask task = await submitter.SubmitAsync(first.Job, ledger, observer, stop).ConfigureAwait(false);
        KlingTask shown = task.Following(Told(job, shownId, journal, task.Context));
        shown.Context.IsJournaled = ledger.HasTask;
        return shown;
    }

    private static async Task<KlingTask> RecallAsync(
        EffectJob job, KlingJob known, JobJournal journal, IRunObserver observer, CancellationToken stop)
    {
        if (JobKey.OfOwn(job) is not null && await RowDifference.FindAsync(job, known, stop).ConfigureAwait(false) is { } difference)
        {
            await observer.WarnAsync(
                $"{job} is in the journal under the external id {known.CommonId} as {known.Scene} ({string.Join(", ", known.Images)}): {difference}. "
                + $"The task {known.TaskId} that is there is passed on; to have this one made too, give it another -ExternalTaskId.").ConfigureAwait(false);
        }

        await observer.TellAsync(new RunEvent.Recalled(job, known.TaskId!, WasLookedUp: false)).ConfigureAwait(false);
        return known.ToTask()!;
    }

    private static KlingTask Told(EffectJob job, string shownId, JobJournal journal, TaskContext? context = null) => new()
    {
        ExternalTaskId = shownId,
        Scene = job.Scene,
        Images = ImageNames.Of(job.Images.Select(static image => image.ToString())),
        JournalPath = journal.FilePath,
        Context = context ?? new TaskContext { IsJournaled = true },
    };

    // Before it is paid for again, the answer must be final: a new task may be unknown for a minute. Without, another run can ask again.
    private async Task<KlingTask?> LookUpAsync(JobJournal journal, KlingJob known, string externalTaskId, CancellationToken stop)
    {
        if (!api.For(known.Gateway ?? KlingGatewayName.CometApi).Gateway.AnswersExternalId)
        {
            return null;
        }

        try
        {
            using IDisposable slot = await submitter.Slots.TakeAsync(stop).ConfigureAwait(false);
            KlingTask answer = await TaskQuery.AskAsync(
                api, externalTaskId, new KlingTask { Gateway = known.Gateway, Context = new TaskContext { JournaledAt = retry.Uncertain ? known.SubmittedAt : null } }, stop).ConfigureAwait(false);
            if (answer.TaskId == externalTaskId)
            {
                return null; // the answer tells no id of its own, so it does not tell which task it is of
            }

            await ((IJobLog)journal).AcceptedAsync(known.Key, answer, found: true).ConfigureAwait(false);
            return answer;
        }
        catch (KlingException unknown) when (unknown.Id is KlingErrorId.TaskNotFound or KlingErrorId.InvalidRequest)
        {
            return null;
        }
    }
}
