using System.Collections.Concurrent;

namespace KlingEffects.Videos.Transfer;

/// <summary>How many connections a host bears: one fewer after a refusal while several were open, one more while it goes well.</summary>
internal sealed class HostLimit(TimeProvider time)
{
    private static readonly ConcurrentDictionary<(TimeProvider, string), HostLimit> Hosts = new();

    private readonly object _lock = new();
    private readonly Queue<TaskCompletionSource<bool>> _waiting = new();
    private int _open;
    private int _limit = Policy.MostConnections;
    private int _successes;
    private int _successesWanted = 1;
    private bool _grew;
    private long _givenUpAt;

    /// <summary>Whether a download from it was given up lately and nothing came since: others need not find out.</summary>
    public bool IsGivenUp => Volatile.Read(ref _givenUpAt) is not 0 and var at && !Policy.Download.IsOver(time.GetElapsedTime(at));

    public static HostLimit For(Uri address, TimeProvider time) =>
        Hosts.GetOrAdd((time, $"{address.Scheme}://{address.IdnHost}:{address.Port}"), static key => new HostLimit(key.Item1));

    public void GiveUp() => Volatile.Write(ref _givenUpAt, time.GetTimestamp());

    public async Task<Lease> EnterAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<bool> waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Change(() =>
        {
            _waiting.Enqueue(waiter);
            Admit();
        });
        using (cancellationToken.Register(() => waiter.TrySetCanceled()))
        {
            await waiter.Task.ConfigureAwait(false);
        }

        return new Lease(this);
    }

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
        }
    }

    private void Admit()
    {
        while (_open < _limit && _waiting.Count > 0)
        {
            // One whose caller has given up takes no place.
            _open += _waiting.Dequeue().TrySetResult(true) ? 1 : 0;
        }
    }

    // A lone connection that is refused was not one too many.
    private void Refuse()
    {
        if (_open > 1)
        {
            _successesWanted = _grew ? Math.Min(2 * _successesWanted, Policy.MostSuccessesWanted) : _successesWanted;
            (_limit, _successes, _grew) = (_open - 1, 0, false);
        }
    }

    private void Succeed()
    {
        if (_limit < Policy.MostConnections && ++_successes >= _successesWanted)
        {
            (_limit, _successes, _grew) = (_limit + 1, 0, true);
        }
    }

    internal sealed class Lease(HostLimit host) : IDisposable
    {
        private bool _isOver;

        public void Refused() => host.Change(host.Refuse);

        public void Succeeded()
        {
            Volatile.Write(ref host._givenUpAt, 0);
            host.Change(host.Succeed);
        }

        public void Dispose() => host.Change(() =>
        {
            host._open -= _isOver ? 0 : 1;
            _isOver = true;
            host.Admit();
        });
    }
}
