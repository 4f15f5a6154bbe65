using System.Diagnostics.CodeAnalysis;

namespace KlingEffects.Api;

/// <summary>Bounds how many requests are in flight at once, whatever else their senders wait for.</summary>
/// <param name="count">How many.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to dispose of.")]
internal sealed class RequestSlots(int count)
{
    private readonly SemaphoreSlim _free = new(count);

    /// <summary>Waits for a free slot, which is free again when the result is disposed.</summary>
    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Slot(_free);
    }

    private sealed class Slot(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
