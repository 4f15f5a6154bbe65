namespace KlingEffects.Http;

/// <summary>A token that is cancelled after a time without a restart, by a testable clock.</summary>
internal sealed class IdleTimeout : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly ITimer _timer;

    public IdleTimeout(TimeProvider time, CancellationToken caller)
    {
        Caller = caller;
        _source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _timer = time.CreateTimer(
            static state => ((IdleTimeout)state!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Caller { get; }
    public CancellationToken Token => _source.Token;
    public bool HasExpired => _source.IsCancellationRequested && !Caller.IsCancellationRequested;

    public void Restart(TimeSpan span) => _timer.Change(span, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _timer.Dispose();
        _source.Dispose();
    }

    private void Expire()
    {
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // the timer fired while the request ended
        }
    }
}
