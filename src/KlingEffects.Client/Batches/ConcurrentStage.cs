namespace KlingEffects.Batches;

/// <summary>Begins with each item as it comes, and ends when all have ended. What the work on one throws becomes a record.</summary>
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

    // On any thread, as a stop comes.
    public override void Cancel()
    {
        base.Cancel();
        Complete();
    }

    /// <summary>Makes room for an item; false while there is none.</summary>
    protected abstract bool TryEnter(TItem item);

    /// <summary>The work on one item, begun on the thread of who adds it, so in the order of the items.</summary>
    protected abstract Task WorkAsync(TItem item);

    /// <summary>What is to be done once no item is worked on, early or not.</summary>
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
            // the pipeline has ended early
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
