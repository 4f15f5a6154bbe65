using System.Threading.Channels;

namespace KlingEffects.Batches;

/// <summary>Works on up to so many items at once.</summary>
/// <param name="throttleLimit">How many items are worked on at once.</param>
/// <param name="work">The work on one item; what it throws becomes a record.</param>
/// <param name="ending">What is to be done once no worker is left, early or not.</param>
/// <param name="itemsAhead">How many more items it takes in; as many as it works on unless given.</param>
/// <param name="sizeOf">The bytes that an item holds while it waits; it takes in <see cref="Policy.BytesAhead"/> at most.</param>
internal sealed class WorkStage<TItem>(
    int throttleLimit,
    Func<TItem, StageWriter, CancellationToken, Task> work,
    Func<StageWriter, Task>? ending = null,
    int? itemsAhead = null,
    Func<TItem, long>? sizeOf = null) : Stage<TItem>(throttleLimit)
{
    private readonly Channel<TItem> _items = Channel.CreateBounded<TItem>(itemsAhead ?? throttleLimit);
    private readonly List<Task> _workers = [];
    private readonly int _mostWorkers = throttleLimit;
    private long _bytesAhead;

    public override bool TryAdd(TItem item)
    {
        long size = SizeOf(item);
        long ahead = Interlocked.Add(ref _bytesAhead, size);
        if ((ahead > Policy.BytesAhead && ahead > size) || !_items.Writer.TryWrite(item))
        {
            Interlocked.Add(ref _bytesAhead, -size);
            return false;
        }

        Progress.Add();
        lock (_workers)
        {
            if (_workers.Count < _mostWorkers)
            {
                _workers.Add(Task.Run(WorkAsync));
            }
        }

        return true;
    }

    public override void Complete()
    {
        if (_items.Writer.TryComplete())
        {
            _ = EndAsync();
        }
    }

    // On any thread, as a stop comes: a worker that begins after that finds it cancelled.
    public override void Cancel()
    {
        base.Cancel();
        Complete();
    }

    private long SizeOf(TItem item) => sizeOf?.Invoke(item) ?? 0;

    private async Task EndAsync()
    {
        Task[] workers;
        lock (_workers)
        {
            workers = [.. _workers];
        }

        await FinishAsync(null, async () =>
        {
            await Task.WhenAll(workers).ConfigureAwait(false);
            await (ending?.Invoke(Writer) ?? Task.CompletedTask).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private async Task WorkAsync()
    {
        try
        {
            while (await _items.Reader.WaitToReadAsync(Stopping).ConfigureAwait(false))
            {
                while (_items.Reader.TryRead(out TItem? item))
                {
                    Interlocked.Add(ref _bytesAhead, -SizeOf(item));
                    Signal.Set();
                    await WorkOnAsync(item).ConfigureAwait(false);
                    Stopping.ThrowIfCancellationRequested();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // stopped while waiting for an item, or for room for a record
        }
    }

    private async Task WorkOnAsync(TItem item)
    {
        bool failed = true;
        try
        {
            await work(item, Writer, Stopping).ConfigureAwait(false);
            failed = false;
        }
        catch (Exception thrown) when (!(thrown is OperationCanceledException && Stopping.IsCancellationRequested))
        {
            await Writer.WriteAsync(StageRecord.From(thrown)).ConfigureAwait(false);
        }
        finally
        {
            Progress.Finish(failed);
        }
    }
}
