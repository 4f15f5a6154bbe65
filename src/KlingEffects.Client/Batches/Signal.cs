namespace KlingEffects.Batches;

/// <summary>Wakes the one thread that serves a stage. It reaches upstream too, where that thread may be waiting instead.</summary>
internal sealed class Signal : IDisposable
{
    private readonly ManualResetEventSlim _event = new();
    private volatile Signal? _upstream;

    public void Set()
    {
        _event.Set();
        _upstream?.Set();
    }

    /// <summary>Lets this signal set the other too; null ends it.</summary>
    public void Forward(Signal? upstream) => _upstream = upstream;

    /// <summary>Forgets that it was set; look at the state between this call and the wait.</summary>
    public void Reset() => _event.Reset();

    public void Wait(TimeSpan atMost) => _event.Wait(atMost);

    // Whoever works on when all is over may still set it, so the event stays: it holds nothing of the system.
    public void Dispose() => _upstream = null;
}
