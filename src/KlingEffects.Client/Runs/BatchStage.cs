using System.Collections.Concurrent;
using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Effects;
using KlingEffects.Jobs;
using KlingEffects.Journal;
using KlingEffects.Videos;
using KlingEffects.Videos.Naming;
using KlingEffects.Waiting;

namespace KlingEffects.Runs;

/// <summary>A whole batch as one stage: rows in, jobs out as each comes to its end, and the reports at last.</summary>
internal sealed class BatchStage : Stage<BatchRow>
{
    private readonly KlingBatchOptions _options;
    private readonly JobJournal _journal;
    private readonly SubmitBatch _submits;
    private readonly WorkStage<BatchRow> _submit;
    private readonly TaskWaiter _wait;
    private readonly WorkStage<KlingTask> _save;
    private readonly TaskSaver _saver;
    private readonly ConcurrentDictionary<string, BatchRow> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, JobLimit.Place?> _places = new();
    private readonly TimeProvider _time;
    private int _problems;

    public BatchStage(ApiClient api, KlingBatchOptions options, BatchState state, JobJournal journal)
        : base(Policy.PollsAtOnce)
    {
        _options = options;
        _journal = journal;
        _time = api.Time;
        SubmitOptions submits = SubmitOptions.For(options.Timeout) with
        {
            ThrottleLimit = options.ThrottleLimit ?? Policy.SubmitsAtOnce,
            MaxJobs = options.MaxJobs,
        };
        _submits = new SubmitBatch(api, journal, submits, new RetryOptions(options.RetryUncertain, options.RetryFailed), Writer, Stopping);

        // Jobs wait at their own accounts, so that a full one keeps none of another waiting.
        static long held(BatchRow row) => row.Job?.Images.Sum(static image => image.Held) ?? 0;
        _submit = new(Policy.JobsAhead, SubmitAsync, _ => _submits.EndAsync(), Policy.JobsAhead, held);
        _wait = TaskWaiter.Start(api, new() { Timeout = options.WaitTime, ThrottleLimit = options.ThrottleLimit ?? Policy.PollsAtOnce });
        TaskRecorder recorder = new(api.Time);
        NameRegistry names = new(options.NameTemplate, state.Videos);
        _saver = new TaskSaver(api, names, state.Videos, force: false, recorder, options.UserAgent);
        int downloads = options.ThrottleLimit ?? Policy.DownloadsAtOnce;
        _save = new(downloads, SaveAsync, writer => recorder.CloseAsync(writer.WarnAsync), int.MaxValue);
        _submit.Signal.Forward(Signal);
        Progress.DoneWord = options.Step == KlingBatchStep.Submit ? "submitted" : "saved";
        _ = Task.Run(RunAsync);
    }

    public int InFlight => _submits.InFlight;

    public int Problems => _problems;

    public override bool TryAdd(BatchRow item)
    {
        if (item.Job is not null)
        {
            _places.GetOrAdd(item.Index, _ => _submits.Limit?.Next());
        }

        if (!_submit.TryAdd(item))
        {
            return false;
        }

        Progress.Add();
        return true;
    }

    public override void Complete() => _submit.Complete();

    // What waits for records that nobody takes any more is let go by the stages' own ends.
    public override void Cancel()
    {
        base.Cancel();
        _submit.Cancel();
        _wait.Cancel();
        _save.Cancel();
    }

    private async Task RunAsync()
    {
        Exception? defect = null;
        try
        {
            Task submitted = PassOnAsync(_submit);
            Task waited = PassOnAsync(_wait, OnWaited);
            Task saved = PassOnAsync(_save);
            await submitted.ConfigureAwait(false);
            if (_submits.Limit?.Error is { } left)
            {
                await FailAsync(null, left).ConfigureAwait(false);
            }

            _wait.Complete();
            await waited.ConfigureAwait(false);
            _save.Complete();
            await saved.ConfigureAwait(false);
            if (_journal.FindLoss() is { } loss)
            {
                await FailAsync(null, loss).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // the pipeline has ended early
        }
        catch (Exception fault)
        {
            defect = fault;
            _problems++;
        }
        finally
        {
            await Task.WhenAll(_submit.Completion, _wait.Completion, _save.Completion).ConfigureAwait(false);
            _journal.Dispose();
            _submit.Dispose();
            _wait.Dispose();
            _save.Dispose();
            await FinishAsync(defect).ConfigureAwait(false);
        }
    }

    // Goes on taking records after a stop, so that no worker waits for room.
    private async Task PassOnAsync(Stage from, Func<StageRecord, Task?>? take = null)
    {
        await foreach (StageRecord record in from.Records.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            try
            {
                await (take?.Invoke(record) ?? PassOnAsync(record)).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
            {
                // nobody reads it any more
            }
        }
    }

    private async Task PassOnAsync(StageRecord record)
    {
        if (record is StageRecord.Failure failure)
        {
            await FailAsync(null, failure.Error).ConfigureAwait(false);
        }
        else if (record is StageRecord.Reported told)
        {
            await Writer.ReportAsync(told.What).ConfigureAwait(false);
        }
        else if (record is not StageRecord.Output)
        {
            Interlocked.Add(ref _problems, record is StageRecord.Defect ? 1 : 0);
            await Writer.WriteAsync(record).ConfigureAwait(false);
        }
    }

    private async Task SubmitAsync(BatchRow row, StageWriter writer, CancellationToken stop)
    {
        KlingTask? task;
        _places.TryRemove(row.Index, out JobLimit.Place? place);
        try
        {
            task = row.Refusal is { } refusal ? throw refusal
                : row.Job is { } job ? await _submits.SubmitAsync(job, row.Title, place).ConfigureAwait(false)
                : row.Journaled!.ToTask() ?? throw row.Journaled.WhyNoTask();
        }
        catch (KlingException failure)
        {
            await EndAsync(row, null, failure).ConfigureAwait(false);
            return;
        }

        if (task is null)
        {
            Progress.Finish(failed: false); // an equal row's job, which was warned of, or one that is left, of which an error will tell
            return;
        }

        task.Context.Index = row.Index;
        task.Context.HasDerivedId = row.ExternalTaskId is null;
        if (_options.Step == KlingBatchStep.Submit)
        {
            await EndAsync(row, task, task.HasFailed ? TaskOutcome.FailureOf(task) : null).ConfigureAwait(false);
        }
        else if (_open.TryAdd(task.TaskId, row))
        {
            _wait.TryAdd(task);
        }
        else
        {
            string other = _open[task.TaskId].ExternalTaskId ?? _open[task.TaskId].Place ?? task.TaskId;
            SafeText twice = $"The journal has the task {task.TaskId} for this job and for {other}.";
            await EndAsync(row, null, new(KlingErrorId.JournalInvalid, twice) { TaskId = task.TaskId }).ConfigureAwait(false);
        }
    }

    private Task? OnWaited(StageRecord record) => record switch
    {
        StageRecord.Output { Value: KlingTask task } when _open.TryGetValue(task.TaskId, out BatchRow? row) => OnEndedAsync(row, task),
        // A task that failed has been told of with its output.
        StageRecord.Failure { Error: { TaskId: { } id } error } =>
            _open.TryGetValue(id, out BatchRow? late) && late.Ended is null ? GiveUpAsync(late, error) : Task.CompletedTask,
        _ => null,
    };

    private Task OnEndedAsync(BatchRow row, KlingTask task)
    {
        KlingException? failure = task.Context.Record is { IsSaved: true } ? null : TaskOutcome.FailureOf(task);
        return failure is not null ? EndAsync(row, task, failure) : Task.FromResult(_save.TryAdd(task));
    }

    private async Task GiveUpAsync(BatchRow row, KlingException error)
    {
        KlingTask task = error.Target as KlingTask ?? new KlingTask { TaskId = error.TaskId! };
        bool isLate = _options.Step == KlingBatchStep.Collect && error.Id == KlingErrorId.WaitTimeout;
        if (isLate)
        {
            await Writer.ReportAsync(new RunEvent.GivenUp(task, error)).ConfigureAwait(false);
        }

        await EndAsync(row, task, isLate ? null : error).ConfigureAwait(false);
    }

    private async Task SaveAsync(KlingTask task, StageWriter writer, CancellationToken stop)
    {
        BatchRow row = _open[task.TaskId];
        KlingException? failure = null;
        try
        {
            await _saver.SaveAsync(task, Progress, writer, stop).ConfigureAwait(false);
        }
        catch (KlingException why)
        {
            failure = why;
        }

        await EndAsync(row, task, failure).ConfigureAwait(false);
    }

    private async Task EndAsync(BatchRow row, KlingTask? task, KlingException? failure)
    {
        KlingJob job = row.Ended = Conclude(row, task, failure);
        Progress.Finish(failure is not null);
        await Writer.WriteAsync(new StageRecord.Output(job)).ConfigureAwait(false);
        if (failure is not null)
        {
            await FailAsync(row, failure).ConfigureAwait(false);
        }
    }

    // The row's job as the journal has it, with what this run knows beside that.
    private KlingJob Conclude(BatchRow row, KlingTask? task, KlingException? failure)
    {
        string? key = task is not null ? _journal.JobOfTask(task.TaskId) : row.ExternalTaskId is { } id ? JobKey.FromOwnId(id) : null;
        KlingJob job = (key is null ? null : _journal.Find(key)) ?? row.Journaled ?? new KlingJob
        {
            ExternalTaskId = row.ExternalTaskId,
            State = failure?.Id == KlingErrorId.SubmitUncertain ? KlingJobState.Uncertain : KlingJobState.Refused,
            Scene = row.Job?.Scene ?? row.Scene,
            Images = [.. row.Job?.Images.Select(static image => image.ToString()) ?? row.Images],
            JournalPath = _journal.FilePath,
        };
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

    private async Task FailAsync(BatchRow? row, KlingException failure)
    {
        Interlocked.Increment(ref _problems);
        await Writer.WriteAsync(new StageRecord.Failure(row?.Named(failure) ?? failure)).ConfigureAwait(false);
    }
}
