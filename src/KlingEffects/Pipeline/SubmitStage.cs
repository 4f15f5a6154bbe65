namespace KlingEffects.Pipeline;

/// <summary>
/// The work of New-KlingEffect: submits each job of a batch once, and loses no task whatever becomes of the pipeline. Jobs go on their
/// way as they come and wait at their own accounts, so that a full one keeps none of another waiting.
/// </summary>
internal sealed class SubmitStage : Stage<BatchRow>
{
    private readonly int[] _ahead = new int[KlingGateway.All.Count];
    private readonly SubmitBatch _batch;
    private readonly KlingCommand _command;
    private long _bytesAhead;
    private int _open = 1; // the input itself
    private int _isComplete;

    public SubmitStage(KlingCommand command, ApiClient api, JobJournal? journal, SubmitOptions options, RetryOptions retry)
        : base(options.ThrottleLimit)
    {
        _command = command;
        _batch = new SubmitBatch(api, journal, options, retry, Writer, Stopping, journal is null ? Ledger.Open(api.Time) : null);
        Progress.DoneWord = "submitted";
    }

    public int InFlight => _batch.InFlight;

    /// <summary>The failure, with what finds the row of a batch again, where it does not tell that itself.</summary>
    public static KlingException Named(BatchRow row, KlingException failure) =>
        failure.Target is null && (row.ExternalTaskId ?? row.Place) is not null ? row.Named(failure) : failure.Of(row.ExternalTaskId);

    /// <summary>Takes so many of each gateway that a full one leaves room for another's, and so many bytes of pictures in all.</summary>
    public override bool TryAdd(BatchRow item)
    {
        int gateway = (int)item.Job!.Gateway.GetValueOrDefault();
        long size = item.Job.Images.Sum(static image => image.Held);
        if (Volatile.Read(ref _ahead[gateway]) >= Policy.JobsAhead
            || (Volatile.Read(ref _bytesAhead) is > 0 and var bytes && bytes + size > Policy.BytesAhead))
        {
            return false;
        }

        Count(gateway, size, jobs: 1);
        Interlocked.Increment(ref _open);
        Progress.Add();
        _ = WorkAsync(item, _batch.Limit?.Next(), gateway, size);
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

    private void Count(int gateway, long size, int jobs)
    {
        Interlocked.Add(ref _ahead[gateway], jobs);
        Interlocked.Add(ref _bytesAhead, jobs * size);
    }

    private async Task WorkAsync(BatchRow row, JobLimit.Place? place, int gateway, long size)
    {
        bool failed = true;
        try
        {
            await _batch.SubmitAsync(
                row.Job!,
                $"Row {row.Index}",
                place,
                task =>
                {
                    task.Context.Index = row.Index;
                    _command.Hold(task);
                },
                task => Writer.WriteAsync(new StageRecord.Output(task)).AsTask()).ConfigureAwait(false);
            failed = false;
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            // the pipeline has ended early
        }
        catch (Exception thrown)
        {
            Exception named = thrown is KlingException failure ? Named(row, failure) : thrown;
            if (named is KlingException { Id: KlingErrorId.SubmitUncertain } uncertain)
            {
                _command.Hold(uncertain);
            }

            await Writer.TryWriteAsync(StageRecord.From(named)).ConfigureAwait(false);
        }

        Progress.Finish(failed);
        Count(gateway, size, jobs: -1);
        Signal.Set();
        await LeaveAsync().ConfigureAwait(false);
    }

    private async Task LeaveAsync()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            await FinishAsync(null, EndAsync).ConfigureAwait(false);
        }
    }

    private async Task EndAsync()
    {
        await _batch.EndAsync().ConfigureAwait(false);
        if (_batch.Limit?.Error is { } left)
        {
            await Writer.TryWriteAsync(new StageRecord.Failure(left)).ConfigureAwait(false);
        }
    }
}
