namespace KlingEffects.Batches;

/// <summary>Wakes the one thread that serves a stage. A ring is heard upstream too, where that thread may be waiting instead.</summary>
internal sealed class Doorbell : IDisposable
{
    private readonly ManualResetEventSlim _rung = new();
    private volatile Doorbell? _upstream;
    private volatile bool _disposed;

    public void Ring()
    {
        if (!_disposed)
        {
            _rung.Set();
        }

        _upstream?.Ring();
    }

    /// <summary>Lets every ring be heard by this bell too; null ends it.</summary>
    public void Forward(Doorbell? upstream) => _upstream = upstream;

    /// <summary>Forgets earlier rings; look at the state between this call and the wait.</summary>
    public void Reset() => _rung.Reset();

    public void Wait(TimeSpan atMost, CancellationToken cancellationToken) => _rung.Wait(atMost, cancellationToken);

    public void Dispose()
    {
        _disposed = true;
        _upstream = null;
    }
}
