namespace KlingEffects.Tests.Waiting;

/// <summary>
/// A clock that moves by itself, from one event to the next, whenever the waiter has nothing left to do: the waiter sets
/// its timer just before it goes idle, and that timer is the first one it makes.
/// </summary>
internal sealed class SimulatedTime : TimeProvider
{
    private readonly PriorityQueue<Action, DateTimeOffset> _events = new();
    private readonly SemaphoreSlim _idle = new(0);
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private WaiterTimer? _waiter;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.UtcTicks;

    public void At(DateTimeOffset time, Action action) => _events.Enqueue(action, time);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _waiter is null ? _waiter = new WaiterTimer(this, () => callback(state)) : new UnusedTimer();

    /// <summary>Moves the clock until the work has ended.</summary>
    public async Task RunAsync(Task work)
    {
        while (true)
        {
            Task idle = _idle.WaitAsync();
            if (await Task.WhenAny(work, idle) == work)
            {
                return;
            }

            DateTimeOffset next = _waiter!.Due;
            if (_events.TryPeek(out _, out DateTimeOffset first) && first <= next)
            {
                _now = first > _now ? first : _now;
                _events.Dequeue()();
            }
            else
            {
                _now = next > _now ? next : _now;
                _waiter.Fire();
            }
        }
    }

    private sealed class WaiterTimer(SimulatedTime time, Action fire) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : time._now + dueTime;
            time._idle.Release();
            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }

    // Of single requests, which are answered at once.
    private sealed class UnusedTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
