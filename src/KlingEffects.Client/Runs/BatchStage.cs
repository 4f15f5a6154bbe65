using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Effects;
using KlingEffects.Journal;
using KlingEffects.Videos;
using KlingEffects.Videos.Naming;
using KlingEffects.Waiting;

namespace KlingEffects.Runs;

/// <summary>A batch as one stage: each row is submitted, waited for and saved, and becomes a job.</summary>
internal sealed class BatchStage : ConcurrentStage<BatchRow>
{
    private readonly KlingBatchOptions _options;
    private readonly JobJournal _journal;
    private readonly SubmitBatch _submits;
    private readonly JobsAhead _ahead;
    private readonly TaskWaiter _wait;
    private readonly TaskSaver _saver;
    private readonly TaskRecorder _recorder;
    private readonly SemaphoreSlim _saves;
    private readonly ConcurrentDictionary<string, Waiting> _open = new(StringComparer.Ordinal);
    private readonly Task _waited;
    private readonly TimeProvider _time;

    public BatchStage(ApiClient api, KlingBatchOptions options, BatchState state, JobJournal journal) : base(Policy.PollsAtOnce)
    {
        _options = options;
        _journal = journal;
        _time = api.Time;
        _ahead = new JobsAhead(api.Gateway.Name);
        SubmitOptions submits = SubmitOptions.For(options.Timeout)
            with { ThrottleLimit = options.ThrottleLimit ?? Policy.SubmitsAtOnce, MaxJobs = options.MaxJobs };
        _submits = new SubmitBatch(api, journal, submits, new RetryOptions(options.RetryUncertain, options.RetryFailed), this, Stopping);
        _recorder = new TaskRecorder(api.Time);
        NameRegistry names = new(options.NameTemplate, state.Videos);
        names.Reserve(journal.Jobs);
        _saver = new TaskSaver(api, names, state.Videos, force: false, _recorder, options.UserAgent) { PassesOn = false };
        if (options.Step == KlingBatchStep.All && submits.MaxJobs != 0)
        {
            _saver.Prepare();
        }

        _saves = new SemaphoreSlim(options.ThrottleLimit ?? Policy.DownloadsAtOnce);
        _wait = TaskWaiter.Start(api, new() { Timeout = options.WaitTime, ThrottleLimit = options.ThrottleLimit ?? Policy.PollsAtOnce });
        _waited = TakeWaitedAsync();
        Progress.DoneWord = options.Step == KlingBatchStep.Submit ? "submitted" : "saved";
    }

    public int InFlight => _submits.InFlight;

    public override void Cancel()
    {
        base.Cancel();
        _wait.Cancel();
    }

    protected override bool TryEnter(BatchRow item) => item.Job is not { } job || _ahead.TryEnter(job);

    protected override async Task WorkAsync(BatchRow item)
    {
        KlingTask? task = null;
        KlingException? failure = null;
        try
        {
            task = await GetTaskAsync(item).ConfigureAwait(false);
            if (task is null)
            {
                return; // an equal row's job, or one beyond the limit, which is reported elsewhere
            }

            if (_options.Step != KlingBatchStep.Submit)
            {
                task = await WaitAsync(task).ConfigureAwait(false);
                await SaveAsync(item, task).ConfigureAwait(false);
            }
            else if (task.HasFailed)
            {
                failure = TaskOutcome.FailureOf(task);
            }
        }
        catch (KlingException late) when (_options.Step == KlingBatchStep.Collect && late.Id == KlingErrorId.WaitTimeout)
        {
            await ReportAsync(new RunEvent.GivenUp(late.Target as KlingTask ?? task!, late)).ConfigureAwait(false);
        }
        catch (KlingException why)
        {
            failure = why;
        }

        failure ??= task?.Context is { SubmittedAt: not null, IsJournaled: false }
            ? JournalFault.LacksTask(_journal.FilePath, task)
            : null;
        item.Ended = Conclude(item, task, failure);
        await WriteAsync(new StageRecord.Output(item.Ended)).ConfigureAwait(false);
        if (failure is not null)
        {
            throw item.Named(failure);
        }
    }

    protected override async Task EndAsync()
    {
        try
        {
            await _submits.EndAsync().ConfigureAwait(false);
            _wait.Complete();
            await _waited.ConfigureAwait(false);
            await _wait.Completion.ConfigureAwait(false);
            await _recorder.CloseAsync(WarnAsync, Stopping).ConfigureAwait(false);
            foreach (KlingException problem in new[] { _submits.Limit?.Error, _journal.FindLoss() }.OfType<KlingException>())
            {
                await TryWriteAsync(new StageRecord.Failure(problem)).ConfigureAwait(false);
            }
        }
        finally
        {
            _journal.Dispose();
            _wait.Dispose();
        }
    }

    // Null, or a task that no other row has.
    private async Task<KlingTask?> GetTaskAsync(BatchRow row)
    {
        KlingTask? task = row.Refusal is { } refusal ? throw refusal
            : row.Job is { } job ? await SubmitAsync(job, row).ConfigureAwait(false)
            : row.Journaled!.ToTask() ?? throw row.Journaled.WhyNoTask();
        if (task is null)
        {
            return null;
        }

        task.Context.Index = row.Index;
        task.Context.HasDerivedId = row.ExternalTaskId is null;
        if (_options.Step != KlingBatchStep.Submit
            && !_open.TryAdd(task.TaskId, new Waiting(row, new(TaskCreationOptions.RunContinuationsAsynchronously))))
        {
            BatchRow first = _open[task.TaskId].Row;
            SafeText twice = $"The journal has the task {task.TaskId} for this job and for "
                + $"{first.ExternalTaskId ?? first.Place ?? task.TaskId}.";
            throw new KlingException(KlingErrorId.JournalInvalid, twice) { TaskId = task.TaskId };
        }

        return task;
    }

    private async Task<KlingTask?> SubmitAsync(EffectJob job, BatchRow row)
    {
        try
        {
            return await _submits.SubmitAsync(job, row.Title, identify: key => row.Key = key).ConfigureAwait(false);
        }
        finally
        {
            _ahead.Leave(job);
            Signal.Set();
        }
    }

    private async Task<KlingTask> WaitAsync(KlingTask task)
    {
        Task<KlingTask> ended = _open[task.TaskId].Ended.Task;
        _wait.TryAdd(task);
        await Task.WhenAny(ended, _waited).ConfigureAwait(false);
        Stopping.ThrowIfCancellationRequested();
        return ended.IsCompleted ? await ended.ConfigureAwait(false)
            : throw new InvalidOperationException($"Nobody waits for task {task.TaskId} any more.");
    }

    private async Task TakeWaitedAsync()
    {
        await foreach (StageRecord record in _wait.Records.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            switch (record)
            {
                case StageRecord.Output { Value: KlingTask task }:
                    _open[task.TaskId].Ended.TrySetResult(task);
                    break;
                case StageRecord.Failure { Error: { TaskId: { } id } error } when _open.TryGetValue(id, out Waiting? waiting):
                    waiting.Ended.TrySetException(error); // a failed task was output before
                    break;
                case StageRecord.Reported { What: var what }:
                    Progress.Observe(what);
                    await TryWriteAsync(record).ConfigureAwait(false);
                    break;
                default:
                    await TryWriteAsync(record).ConfigureAwait(false);
                    break;
            }
        }
    }

    private async Task SaveAsync(BatchRow row, KlingTask task)
    {
        if (task.Context.Record is not { IsSaved: true } && TaskOutcome.FailureOf(task) is { } failure)
        {
            throw failure;
        }

        await _saves.WaitAsync(Stopping).ConfigureAwait(false);
        try
        {
            await _saver.SaveAsync(task, this, Stopping).ConfigureAwait(false);
        }
        finally
        {
            _saves.Release();
        }
    }

    // The journal's job, completed by this run.
    private KlingJob Conclude(BatchRow row, KlingTask? task, KlingException? failure)
    {
        string? key = task is null ? null : _journal.JobOfTask(task.TaskId);
        KlingJob job = _journal.Find(key ?? row.Key) ?? row.Journaled ?? new KlingJob
        {
            ExternalTaskId = row.ExternalTaskId,
            State = failure?.Id == KlingErrorId.SubmitUncertain ? KlingJobState.Uncertain : KlingJobState.Refused,
            Scene = row.Job?.Scene ?? row.Scene,
            Images = [.. row.Job?.Images.Select(static image => image.ToString()) ?? row.Images],
            JournalPath = _journal.FilePath,
        };
        job = task is null || job.HasTask ? job
            : job with { TaskId = task.TaskId, Kind = task.Kind, Gateway = task.Gateway, State = KlingJobState.Running };
        if (task?.Context.Record is { } record)
        {
            job = JobSteps.Conclude(job, JournalEntry.FromOutcome(task.TaskId, record, _time.GetUtcNow()));
        }

        return failure is null ? job : job with
        {
            State = job.State == KlingJobState.Saved ? KlingJobState.Succeeded : job.State,
            Message = job.HasFailed ? job.Record.Message : failure.Message,
            ErrorId = failure.ErrorId,
            Code = failure.Code ?? job.Code,
        };
    }

    private sealed record Waiting(BatchRow Row, TaskCompletionSource<KlingTask> Ended);
}
