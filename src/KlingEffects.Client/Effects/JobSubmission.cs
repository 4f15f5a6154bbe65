using KlingEffects.Api;
using KlingEffects.Api.Answers;
using KlingEffects.Api.Exchange;
using KlingEffects.Batches;
using KlingEffects.Http;
using KlingEffects.Jobs;
using KlingEffects.Journal;

namespace KlingEffects.Effects;

/// <summary>Takes one job from its row to its task: a known task is recalled, an uncertain one is looked up; otherwise the intent is
/// written, the job is sent, and the outcome is written. Only what certainly created nothing is repeated.</summary>
internal sealed class JobSubmission(SubmitBatch batch, EffectJob job, long number, string row, JobLimit.Place? place) : IDisposable
{
    private readonly ApiClient _api = batch.Api.For(job.Gateway);
    private SubmitTicket? _ticket;
    private TaskFinder? _finder;
    private RowClaim? _claim;
    private string _logKey = "";
    private byte[][]? _digests;
    private DateTimeOffset? _firstSent;
    private bool _mayBeGone;
    private bool _isMixedUp;

    /// <summary>What identifies the job; empty before.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The job's task, known, found or new; null if an equal row has the job, or the limit of new jobs is reached.</summary>
    /// <exception cref="KlingException">Every way in which it can fail; SubmitUncertain if it may have been accepted.</exception>
    public Task<KlingTask?> RunAsync()
    {
        // The caller adds rows in their order; the work itself runs on the pool.
        Task admitted = batch.Preparing.WaitAsync(batch.Stop);
        return Task.Run(() => RunAsync(admitted));
    }

    public void Dispose() => _ticket?.Dispose();

    private TaskFinder Finder => _finder ??= new(batch, _api, Key);

    private async Task<KlingTask?> RunAsync(Task admitted)
    {
        await admitted.ConfigureAwait(false);
        try
        {
            if (!await IdentifyAsync().ConfigureAwait(false))
            {
                return null;
            }
        }
        finally
        {
            batch.Preparing.Release();
        }

        _logKey = batch.LogKey(Key);
        return await (batch.Journal is { } journal ? GoOnAsync(journal) : SubmitAsync(new SubmitAttempt(job))).ConfigureAwait(false);
    }

    // A job with an external id can be in the journal although its image files are gone.
    private async Task<bool> IdentifyAsync()
    {
        string? own = JobKey.TryFromOwnId(job);
        Key = own ?? "";
        _mayBeGone = own is not null && batch.Find(own) is { State: not KlingJobState.Refused };
        if (!_mayBeGone)
        {
            job.Check();
        }

        try
        {
            Key = own ?? await JobKey.FindAsync(job, batch.Find, batch.Stop).ConfigureAwait(false);
            _digests = own is null ? null : await JobKey.DigestsAsync(job, batch.Stop).ConfigureAwait(false);
        }
        catch (KlingException) when (_mayBeGone)
        {
            // the external id alone identifies it
        }

        _claim = new(row, job.Scene, own is null ? Key : _digests is null ? null : JobKey.FromContent(job, _digests));
        if (batch.Claims.TryClaim(Key, _claim))
        {
            return true;
        }

        await batch.Observer.WarnAsync(
            $"{SubjectName.Before(job.ExternalTaskId)}{job} is in this batch already and is one job; "
            + $"give {Term.ExternalTaskId} to make it another.").ConfigureAwait(false);
        return false;
    }

    private async Task<KlingTask?> GoOnAsync(JobJournal journal)
    {
        KlingJob? known = journal.Find(Key);
        if (batch.Retry.Keeps(known))
        {
            return await RecallAsync(known!).ConfigureAwait(false);
        }

        if (batch.Retry.StartsNewAttempt(known) && await Finder.AskAgainAsync(job, known!).ConfigureAwait(false) is { } ended)
        {
            return ended;
        }

        (int attempt, string? sentBefore) = batch.Retry.Attempt(known);
        string sentId = sentBefore ?? journal.SentIdFor(Key, attempt);
        bool inDoubt = known is { IsUncertain: true };
        if (inDoubt && await LookUpAsync(known!, sentId).ConfigureAwait(false) is { } found)
        {
            return found;
        }

        // A key of the content holds the images' digests already.
        _digests ??= JobKey.OwnId(Key) is null ? null : await JobKey.DigestsAsync(job, batch.Stop).ConfigureAwait(false);
        return await SubmitAsync(new SubmitAttempt(job with { ExternalTaskId = sentId })
        {
            Number = attempt,
            RetryUncertain = inDoubt,
            Digests = _digests is null ? null : JobKey.Starts(_digests),
        }).ConfigureAwait(false);
    }

    private async Task<KlingTask> RecallAsync(KlingJob known)
    {
        if (JobKey.OwnId(Key) is not null && JobKey.Difference(job, known, _digests) is { } difference)
        {
            await batch.Observer.WarnAsync(
                $"{SubjectName.Before(known.CommonId)}{job} is in the journal under this external id as {known.Scene} "
                + $"({string.Join(", ", known.Images)}): {difference}. The task {known.TaskId} that is there is passed on; "
                + $"to have this one made too, give it another {Term.ExternalTaskId}.").ConfigureAwait(false);
        }

        await batch.Observer.ReportAsync(new RunEvent.Recalled(job, known.TaskId!, WasLookedUp: false)).ConfigureAwait(false);
        return known.ToTask()!;
    }

    // Before it is paid for again the answer must be final, because a new task may be unknown for a minute; otherwise another run can ask.
    private async Task<KlingTask?> LookUpAsync(KlingJob known, string sentId)
    {
        _firstSent = known.FirstSubmittedAt;
        return await Finder.FindUncertainAsync(known, sentId).ConfigureAwait(false) is { } mine
            ? await TakeFoundAsync(mine, new TaskContext()).ConfigureAwait(false)
            : batch.Retry.Uncertain ? null : throw known.ToDoubt();
    }

    private async Task<KlingTask?> SubmitAsync(SubmitAttempt attempt)
    {
        if (_mayBeGone)
        {
            job.Check();
        }

        foreach (ImageSource image in job.Images.Where(static image => image.IsCutOff))
        {
            SafeText warning = $"'{image}' is a JPEG image without its end, as one that was cut off in copying; it is sent all the same.";
            await batch.Observer.WarnAsync(warning).ConfigureAwait(false);
        }

        if (place is not null && !await place.TakeAsync().ConfigureAwait(false))
        {
            return null;
        }

        attempt = attempt with { Job = _api.Gateway.Complete(attempt.Job) };
        bool inDoubt = attempt.RetryUncertain;
        _ticket = new SubmitTicket(batch.QueueOf(_api), attempt.Job, number);
        while (true)
        {
            if (await _ticket.WaitForSlotAsync().ConfigureAwait(false) is { } givenUp)
            {
                throw Named(givenUp, attempt.Job);
            }

            ApiResult told = await TryOnceAsync(attempt).ConfigureAwait(false);
            // The user asked to retry the uncertain submit of an earlier run, not one of this run.
            attempt = attempt with { RetryUncertain = false };
            ApiResult answer = await Finder.ConcludeUsedAsync(told, attempt.Job, _firstSent, inDoubt, _ticket.Tries).ConfigureAwait(false);
            bool isWritten = await WriteDownAsync(answer, isFound: told.Task is null).ConfigureAwait(false);
            if (answer.Task is { } task)
            {
                return Shown(task, TaskContext.OfSubmit(_api.Time, isWritten));
            }

            if (!answer.Repeatable)
            {
                answer = await Finder.ConcludeDoubtAsync(answer, attempt.Job, _firstSent!.Value, _isMixedUp).ConfigureAwait(false);
                return answer.Task is { } found
                    ? await TakeFoundAsync(found, TaskContext.OfSubmit(_api.Time)).ConfigureAwait(false)
                    : throw Named(answer.Error!, attempt.Job);
            }

            batch.Stop.ThrowIfCancellationRequested();
        }
    }

    private async Task<ApiResult> TryOnceAsync(SubmitAttempt attempt)
    {
        ApiResult? answer = null;
        batch.BeginRequest();
        try
        {
            if (_claim!.Conflict is { } conflict)
            {
                throw conflict;
            }

            _firstSent ??= _api.Time.GetUtcNow();
            batch.Claims.RecordSent(attempt.Job.ExternalTaskId, Key);
            await (batch.Log?.SubmittingAsync(_logKey, attempt) ?? Task.CompletedTask).ConfigureAwait(false);
            answer = await SendAsync(attempt.Job).ConfigureAwait(false);
            // Its date proves nothing: a clock that is set meanwhile must not cast doubt on a new task.
            _isMixedUp = answer.Task is { } task && !Finder.TryTake(task, null);
            return answer = _isMixedUp ? TaskFinder.ConcludeOther(answer.Task!) : answer;
        }
        finally
        {
            batch.EndRequest();
            _ticket!.End(answer);
        }
    }

    // Whatever is thrown, the body's progress tells whether the server can have received the request.
    private async Task<ApiResult> SendAsync(EffectJob sent)
    {
        RequestBody? body = null;
        using IdleTimeout grace = new(_api.Time, default);
        // An incomplete upload can be cancelled without harm; the answer to a complete one is awaited.
        using CancellationTokenRegistration stopping = batch.Stop.Register(
            () => grace.Restart(body?.Progress == BodyProgress.Whole ? Policy.CancelGrace : TimeSpan.Zero));
        try
        {
            body = new EffectBody(sent) { Stop = batch.Stop };
            return await _api.SubmitAsync(body, grace.Token).ConfigureAwait(false);
        }
        catch (KlingException fault) when (body?.Progress != BodyProgress.Whole)
        {
            return new ApiResult { Error = fault, Creation = Creation.NotCreated };
        }
        catch (Exception fault)
        {
            bool isStop = fault is OperationCanceledException;
            string why = isStop ? "the pipeline was stopped before an answer came" : $"{fault.GetType().Name}: {fault.Message}";
            return AnswerReader.Read(Operation.Submit, Response.None(body?.Progress ?? default, new(why) { IsPermanent = !isStop }));
        }
    }

    // A journal that can't be written must not hide the API's answer: the task is paid for.
    private async Task<bool> WriteDownAsync(ApiResult answer, bool isFound)
    {
        try
        {
            await (answer switch
            {
                _ when batch.Log is null => Task.CompletedTask,
                { Task: { } task } => batch.Log.AcceptedAsync(_logKey, task, isFound),
                { Creation: Creation.NotCreated } => batch.Log.RefusedAsync(_logKey, answer.Error!),
                _ => batch.Log.UncertainAsync(_logKey, answer.Error!),
            }).ConfigureAwait(false);
            return batch.Journal is not null;
        }
        catch (Exception fault)
        {
            string subject = SubjectName.Before(job.ExternalTaskId);
            await batch.Observer.WarnAsync(answer.Task is { } task
                ? (SafeText)$"{subject}task {task.TaskId} was submitted, but its id is not in the journal: {fault.Message} Keep the id."
                : $"{subject}what became of a submit is not in the journal: {fault.Message}").ConfigureAwait(false);
            return false;
        }
    }

    private async Task<KlingTask> TakeFoundAsync(KlingTask task, TaskContext context)
    {
        context.IsJournaled = await WriteDownAsync(new ApiResult { Task = task }, isFound: true).ConfigureAwait(false);
        await batch.Observer.ReportAsync(new RunEvent.Recalled(job, task.TaskId, WasLookedUp: true)).ConfigureAwait(false);
        return Shown(task, context);
    }

    // An attempt may be sent under a derived id; users see the job's own.
    private KlingTask Shown(KlingTask task, TaskContext context) => task.MergedWith(new KlingTask
    {
        ExternalTaskId = batch.Journal is { } journal ? job.ExternalTaskId ?? journal.ExternalIdFor(Key) : job.ExternalTaskId,
        Scene = job.Scene,
        Gateway = _api.Gateway.Name,
        Images = TextList.From(job.Images.Select(static image => image.ToString())),
        JournalPath = batch.Journal?.FilePath,
        Context = context,
    });

    private KlingException Named(KlingException error, EffectJob sent)
    {
        bool isDerived = sent.ExternalTaskId?.StartsWith(SubjectName.Derived, StringComparison.Ordinal) == true;
        KlingException named = error.Target is not null ? error
            : error.WithSubject(sent.ToString(), subject: isDerived ? $"{sent} with the external id {sent.ExternalTaskId}" : $"{sent}");
        SafeText? progress = named.Id == KlingErrorId.QuotaExceeded ? batch.DescribeProgress() : null;
        return progress is null ? named : named.With($"{named.Message} {progress}");
    }
}
