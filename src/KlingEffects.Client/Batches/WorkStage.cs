using System.Threading.Channels;

namespace KlingEffects.Batches;

/// <summary>Works on up to so many items at once.</summary>
internal sealed class WorkStage<TItem> : Stage<TItem>
{
    private readonly Channel<TItem> _items;
    private readonly List<Task> _workers = [];
    private readonly Func<TItem, StageWriter, CancellationToken, Task> _work;
    private readonly Func<Task> _ending;
    private readonly TaskCompletionSource<bool> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _throttleLimit;
    private readonly Func<TItem, long> _sizeOf;
    private long _bytesAhead;

    /// <param name="throttleLimit">How many items are worked on at once.</param>
    /// <param name="work">The work on one item; what it throws becomes a record.</param>
    /// <param name="ending">What is to be done once no worker is left, early or not.</param>
    /// <param name="itemsAhead">How many more items it takes in; as many as it works on unless given.</param>
    /// <param name="sizeOf">The bytes that an item holds while it waits: of those it takes in no more than <see cref="Policy.BytesAhead"/>.</param>
    public WorkStage(
        int throttleLimit,
        Func<TItem, StageWriter, CancellationToken, Task> work,
        Func<Task>? ending = null,
        int? itemsAhead = null,
        Func<TItem, long>? sizeOf = null)
        : base(throttleLimit)
    {
        _throttleLimit = throttleLimit;
        _work = work;
        _ending = ending ?? (static () => Task.CompletedTask);
        _sizeOf = sizeOf ?? (static _ => 0);
        _items = Channel.CreateBounded<TItem>(itemsAhead ?? throttleLimit);
    }

    public override Task Completion => _completion.Task;

    /// <summary>Where the work leaves its records, for what does so beside it.</summary>
    public IRunObserver Observer => Writer;

    public override bool TryAdd(TItem item)
    {
        long size = _sizeOf(item);
        long ahead = Interlocked.Add(ref _bytesAhead, size);
        if ((ahead > Policy.BytesAhead && ahead > size) || !_items.Writer.TryWrite(item))
        {
            Interlocked.Add(ref _bytesAhead, -size);
            return false;
        }

        Progress.Add();
        lock (_workers)
        {
            if (_workers.Count < _throttleLimit)
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
            await _ending().ConfigureAwait(false);
        }).ConfigureAwait(false);
        _completion.TrySetResult(true);
    }

    private async Task WorkAsync()
    {
        try
        {
            while (await _items.Reader.WaitToReadAsync(Stopping).ConfigureAwait(false))
            {
                while (_items.Reader.TryRead(out TItem? item))
                {
                    Interlocked.Add(ref _bytesAhead, -_sizeOf(item));
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
            await _work(item, Writer, Stopping).ConfigureAwait(false);
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
