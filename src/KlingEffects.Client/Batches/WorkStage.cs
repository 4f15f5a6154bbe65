namespace KlingEffects.Batches;

/// <summary>Works on a limited number of items at once, and buffers as many more. The ending runs last, also after a cancel.</summary>
internal sealed class WorkStage<TItem>(
    int throttleLimit, Func<TItem, Stage, CancellationToken, Task> work, Func<Stage, Task>? ending = null)
    : ConcurrentStage<TItem>(throttleLimit)
{
    private readonly SemaphoreSlim _places = new(throttleLimit);
    private readonly int _mostItems = 2 * throttleLimit;
    private int _items;

    protected override bool TryEnter(TItem item)
    {
        bool hasRoom = Volatile.Read(ref _items) < _mostItems;
        Interlocked.Add(ref _items, hasRoom ? 1 : 0);
        return hasRoom;
    }

    protected override async Task WorkAsync(TItem item)
    {
        await _places.WaitAsync(Stopping).ConfigureAwait(false);
        try
        {
            await Task.Run(() => work(item, this, Stopping), Stopping).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
            Interlocked.Decrement(ref _items);
        }
    }

    protected override Task EndAsync() => ending?.Invoke(this) ?? Task.CompletedTask;
}
