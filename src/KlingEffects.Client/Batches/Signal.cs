namespace KlingEffects.Batches;

/// <summary>Wakes the thread that serves a stage. It also sets the upstream stage's signal, where that thread may be waiting.</summary>
internal sealed class Signal : IDisposable
{
    private readonly ManualResetEventSlim _event = new();
    private volatile Signal? _upstream;

    public void Set()
    {
        _event.Set();
        _upstream?.Set();
    }

    public void Forward(Signal? upstream) => _upstream = upstream;

    /// <summary>Resets it. Check the state between this call and the wait.</summary>
    public void Reset() => _event.Reset();

    public void Wait(TimeSpan atMost) => _event.Wait(atMost);

    // A late worker may still set it, so the event is not disposed; it holds no system handle.
    public void Dispose() => _upstream = null;
}
