namespace KlingEffects.Batches;

/// <summary>Starts work on each item as it is added, and completes when all have ended. An item's exception becomes a record.</summary>
internal abstract class ConcurrentStage<TItem>(int throttleLimit) : Stage<TItem>(throttleLimit)
{
    private readonly object _gate = new();
    private int _open = 1; // the input itself
    private bool _isComplete;

    public override bool TryAdd(TItem item)
    {
        lock (_gate)
        {
            if (_isComplete || !TryEnter(item))
            {
                return false;
            }

            Interlocked.Increment(ref _open);
        }

        Progress.Add();
        _ = RunAsync(item);
        return true;
    }

    public override void Complete()
    {
        lock (_gate)
        {
            if (_isComplete)
            {
                return;
            }

            _isComplete = true;
        }

        _ = LeaveAsync();
    }

    // Called on any thread.
    public override void Cancel()
    {
        base.Cancel();
        Complete();
    }

    protected abstract bool TryEnter(TItem item);

    /// <summary>The work on one item. It starts on the adding thread, so in the order of the items.</summary>
    protected abstract Task WorkAsync(TItem item);

    /// <summary>Runs once no item is worked on any more, also after a cancel.</summary>
    protected abstract Task EndAsync();

    private async Task RunAsync(TItem item)
    {
        bool failed = true;
        try
        {
            await WorkAsync(item).ConfigureAwait(false);
            failed = false;
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            // the pipeline was cancelled
        }
        catch (Exception thrown)
        {
            await TryWriteAsync(StageRecord.From(thrown)).ConfigureAwait(false);
        }

        Progress.Finish(failed);
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
}
