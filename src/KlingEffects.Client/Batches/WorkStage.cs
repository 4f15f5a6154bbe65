using System.Threading.Channels;

namespace KlingEffects.Batches;

/// <summary>Works on up to so many items at once. A full output stops the workers, so a slow consumer slows the producer.</summary>
internal sealed class WorkStage<TItem> : IStage<TItem>
{
    private readonly Channel<TItem> _items;
    private readonly Channel<StageRecord> _records;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _workers = [];
    private readonly Func<TItem, StageWriter, CancellationToken, Task> _work;
    private readonly int _throttleLimit;

    /// <param name="throttleLimit">How many items are worked on at once.</param>
    /// <param name="work">The work on one item; what it throws becomes a record.</param>
    public WorkStage(int throttleLimit, Func<TItem, StageWriter, CancellationToken, Task> work)
    {
        _throttleLimit = throttleLimit;
        _work = work;
        _items = Channel.CreateBounded<TItem>(throttleLimit);
        _records = Channel.CreateBounded<StageRecord>(Math.Max(16, throttleLimit));
    }

    public Doorbell Bell { get; } = new();

    public BatchProgress Progress { get; } = new();

    public bool HasRecords => _records.Reader.TryPeek(out _);

    public bool IsDone => _records.Reader.Completion.IsCompleted;

    public Task Joined => Task.WhenAll(_workers);

    public bool TryAdd(TItem item)
    {
        if (!_items.Writer.TryWrite(item))
        {
            return false;
        }

        Progress.Add();
        if (_workers.Count < _throttleLimit)
        {
            _workers.Add(Task.Run(WorkAsync));
        }

        return true;
    }

    public bool TryTake(out StageRecord record) => _records.Reader.TryRead(out record!);

    public void Complete()
    {
        _items.Writer.TryComplete();
        _ = FinishAsync();
    }

    public void Cancel()
    {
        _items.Writer.TryComplete();
        _stop.Cancel();
    }

    public void Dispose()
    {
        _stop.Dispose();
        Bell.Dispose();
    }

    private async Task FinishAsync()
    {
        await Joined.ConfigureAwait(false);
        _records.Writer.TryComplete();
        Bell.Ring();
    }

    private async Task WorkAsync()
    {
        try
        {
            StageWriter writer = new(_records.Writer, Bell, _stop.Token);
            while (await _items.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
            {
                while (_items.Reader.TryRead(out TItem? item))
                {
                    Bell.Ring();
                    await WorkOnAsync(item, writer).ConfigureAwait(false);
                    _stop.Token.ThrowIfCancellationRequested();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // stopped while waiting for an item, or for room for a record
        }
    }

    private async Task WorkOnAsync(TItem item, StageWriter writer)
    {
        bool failed = true;
        try
        {
            await _work(item, writer, _stop.Token).ConfigureAwait(false);
            failed = false;
        }
        catch (KlingException failure)
        {
            await writer.WriteAsync(new StageRecord.Failure(failure)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception defect)
        {
            await writer.WriteAsync(new StageRecord.Defect(defect)).ConfigureAwait(false);
        }
        finally
        {
            Progress.Finish(failed);
        }
    }
}
