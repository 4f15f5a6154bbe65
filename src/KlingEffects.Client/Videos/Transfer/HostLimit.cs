namespace KlingEffects.Videos.Transfer;

/// <summary>Limits a host's connections: one fewer after a refusal while several were open, one more after successes.</summary>
internal sealed class HostLimit(TimeProvider time)
{
    private static readonly ConditionalWeakTable<TimeProvider, ConcurrentDictionary<string, HostLimit>> Hosts = new();

    private readonly object _lock = new();
    private readonly Queue<TaskCompletionSource<bool>> _waiting = new();
    private int _open;
    private int _limit = Policy.MostConnections;
    private int _successes;
    private int _successesWanted = 1;
    private bool _grew;
    private long _givenUpAt;

    /// <summary>Whether a download from it was given up lately and nothing came since: others give up sooner.</summary>
    public bool IsGivenUp => Volatile.Read(ref _givenUpAt) is not 0 and var at && !Policy.Download.IsOver(time.GetElapsedTime(at));

    public static HostLimit For(Uri address, TimeProvider time) =>
        Hosts.GetOrCreateValue(time).GetOrAdd($"{address.Scheme}://{address.IdnHost}:{address.Port}", _ => new HostLimit(time));

    public void GiveUp() => Volatile.Write(ref _givenUpAt, time.GetTimestamp());

    /// <summary>Waits for a place; reports it if none is free.</summary>
    public async Task EnterAsync(CancellationToken cancellationToken, Func<ValueTask>? waiting = null)
    {
        TaskCompletionSource<bool> waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Enqueue(waiter);
            Admit();
        }

        using CancellationTokenRegistration givingUp = cancellationToken.Register(() => waiter.TrySetCanceled());
        try
        {
            if (!waiter.Task.IsCompleted && waiting is not null)
            {
                await waiting().ConfigureAwait(false);
            }

            await waiter.Task.ConfigureAwait(false);
        }
        catch
        {
            // A place that was granted in the meantime is given back.
            if (!waiter.TrySetCanceled() && !waiter.Task.IsCanceled)
            {
                Leave();
            }

            throw;
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            _open--;
            Admit();
        }
    }

    /// <summary>Records a refused connection; if it was the only one, the number is not the reason.</summary>
    public void RecordRefusal()
    {
        lock (_lock)
        {
            if (_open > 1)
            {
                _successesWanted = _grew ? Math.Min(2 * _successesWanted, Policy.MostSuccessesWanted) : _successesWanted;
                (_limit, _successes, _grew) = (_open - 1, 0, false);
            }
        }
    }

    public void RecordSuccess()
    {
        Volatile.Write(ref _givenUpAt, 0);
        lock (_lock)
        {
            if (_limit < Policy.MostConnections && ++_successes >= _successesWanted)
            {
                (_limit, _successes, _grew) = (_limit + 1, 0, true);
            }
        }
    }

    private void Admit()
    {
        while (_open < _limit && _waiting.Count > 0)
        {
            // A waiter that has given up takes no place.
            _open += _waiting.Dequeue().TrySetResult(true) ? 1 : 0;
        }
    }
}
