using System.Collections.Concurrent;
using KlingEffects.Api;
using KlingEffects.Api.Gateways;
using KlingEffects.Batches;
using KlingEffects.Effects;
using KlingEffects.Journal;
using KlingEffects.Policies;

namespace KlingEffects.Pipeline;

/// <summary>
/// The work of New-KlingEffect: submits each job of a batch once, and loses no task whatever becomes of the pipeline. Jobs go on their
/// way as they come and wait at their own accounts, so that a full one keeps none of another waiting.
/// </summary>
internal sealed class SubmitStage : Stage<NumberedJob>
{
    private readonly ConcurrentDictionary<KlingException, KlingException> _doubts = new();
    private readonly int[] _ahead = new int[KlingGateway.All.Count];
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SubmitBatch _batch;
    private readonly HeldTasks _held;
    private readonly JobJournal? _journal;
    private long _bytesAhead;
    private int _open = 1; // the input itself
    private int _isComplete;

    public SubmitStage(ApiClient api, JobJournal? journal, HeldTasks held, SubmitOptions options, RetryOptions retry)
        : base(options.ThrottleLimit)
    {
        _held = held;
        _journal = journal;
        _batch = new SubmitBatch(api, journal, options, retry, Writer, Stopping, journal is null ? Ledger.Open(api.Time) : null);
        Progress.DoneWord = "submitted";
    }

    /// <summary>How many submits have left and are not answered.</summary>
    public int InFlight => _batch.InFlight;

    /// <summary>The submits that may have been accepted and of which no error record has told.</summary>
    public IEnumerable<KlingException> Doubts => _doubts.Keys;

    /// <summary>Where the ids of submits under way will be found.</summary>
    public string WhereIdsAre => _journal is null ? "their ids are shown here" : $"their ids are in the journal {_journal.FilePath}";

    public override Task Completion => _ended.Task;

    /// <summary>An error record has told of the failure.</summary>
    public void Told(KlingException failure) => _doubts.TryRemove(failure, out _);

    /// <inheritdoc/>
    /// <remarks>So many of each gateway that a full one leaves room for another's, and so many bytes of pictures in all.</remarks>
    public override bool TryAdd(NumberedJob item)
    {
        int gateway = (int)item.Job.Gateway.GetValueOrDefault();
        long size = item.Job.Images.Sum(static image => image.Held);
        if (Volatile.Read(ref _ahead[gateway]) >= Policy.JobsAhead
            || (Volatile.Read(ref _bytesAhead) is > 0 and var bytes && bytes + size > Policy.BytesAhead))
        {
            return false;
        }

        Interlocked.Increment(ref _ahead[gateway]);
        Interlocked.Add(ref _bytesAhead, size);
        Interlocked.Increment(ref _open);
        Progress.Add();
        JobLimit.Place? place = _batch.Limit?.Next();
        _ = WorkAsync(item, place, gateway, size);
        return true;
    }

    public override void Complete()
    {
        if (Interlocked.Exchange(ref _isComplete, 1) == 0)
        {
            _ = LeaveAsync();
        }
    }

    public override void Cancel()
    {
        base.Cancel();
        Complete();
    }

    private async Task WorkAsync(NumberedJob item, JobLimit.Place? place, int gateway, long size)
    {
        StageRecord? problem = null;
        bool failed = true;
        try
        {
            await _batch.SubmitAsync(
                item.Job, $"Row {item.Row.Index}", place, task => Hold(task, item), task => Writer.WriteAsync(new StageRecord.Output(task)).AsTask())
                .ConfigureAwait(false);
            failed = false;
        }
        catch (KlingException failure)
        {
            KlingException named = item.Row.Named(failure);
            if (named.Id == KlingErrorId.SubmitUncertain)
            {
                _doubts[named] = named;
            }

            problem = new StageRecord.Failure(named);
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            // the pipeline has ended early
        }
        catch (Exception defect)
        {
            problem = new StageRecord.Defect(defect);
        }

        if (problem is not null)
        {
            await Writer.TryWriteAsync(problem).ConfigureAwait(false);
        }

        Progress.Finish(failed);
        Interlocked.Decrement(ref _ahead[gateway]);
        Interlocked.Add(ref _bytesAhead, -size);
        Signal.Set();
        await LeaveAsync().ConfigureAwait(false);
    }

    private void Hold(KlingTask task, NumberedJob item)
    {
        task.Context.Index = item.Row.Index;
        _held.Hold(task);
    }

    private async Task LeaveAsync()
    {
        if (Interlocked.Decrement(ref _open) > 0)
        {
            return;
        }

        Exception? defect = null;
        try
        {
            await _batch.EndAsync().ConfigureAwait(false);
            if (_batch.Limit?.Error is { } left)
            {
                await Writer.TryWriteAsync(new StageRecord.Failure(left)).ConfigureAwait(false);
            }
        }
        catch (Exception fault)
        {
            defect = fault;
        }

        await FinishAsync(defect).ConfigureAwait(false);
        _ended.TrySetResult(true);
    }
}
