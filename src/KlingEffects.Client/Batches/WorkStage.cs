namespace KlingEffects.Batches;

/// <summary>Works on up to so many items at once, and takes in as many more.</summary>
/// <param name="throttleLimit">How many items are worked on at once.</param>
/// <param name="work">The work on one item; it leaves its records in this stage.</param>
/// <param name="ending">What is to be done once no item is worked on, early or not.</param>
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
