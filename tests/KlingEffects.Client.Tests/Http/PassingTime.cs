using KlingEffects.Http;

namespace KlingEffects.Tests.Http;

/// <summary>What of an answer a client has nothing left to do but wait for.</summary>
internal enum AnswerPart
{
    None,
    Beginning,
    Rest,
}

/// <summary>
/// A clock that passes by itself while the client pauses, and stands still while a request is under way or the client works.
/// Watches on requests and what a server plans do not move it: they come when time has passed them, or when a test says so.
/// </summary>
internal sealed class PassingTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<PassingTimer> _armed = [];
    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    private DateTimeOffset _now;
    private TaskCompletionSource _changed = NewSignal();
    private AnswerPart _awaited;
    private CancellationToken _awaiting;
    private int _underWay;

    public PassingTime() => _now = _start;

    /// <summary>How long the clock has run.</summary>
    public TimeSpan Passed => Real - _start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Real.UtcTicks;

    /// <summary>How far the clock has been set forward, or back: its hands, not what has passed.</summary>
    public TimeSpan Set { get; set; }

    public override DateTimeOffset GetUtcNow() => Real + Set;

    private DateTimeOffset Real
    {
        get
        {
            lock (_lock)
            {
                return _now;
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        Create(() => callback(state), state is IdleTimeout ? Purpose.Watch : Purpose.Pause, dueTime, state as IdleTimeout);

    /// <summary>The same clock for the server.</summary>
    public TimeProvider ForServer() => new ServerTime(this);

    /// <summary>A request leaves.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            _underWay++;
        }
    }

    /// <summary>Its answer has been read, or there is none.</summary>
    public void End()
    {
        lock (_lock)
        {
            _underWay--;
        }

        Wake();
    }

    /// <summary>A request waits for a part of its answer, or for none any more.</summary>
    /// <param name="part">Of which nothing has come.</param>
    /// <param name="request">The token of the request, by which its watch is known.</param>
    public void Await(AnswerPart part, CancellationToken request)
    {
        lock (_lock)
        {
            (_awaited, _awaiting) = (part, request);
        }

        Interlocked.Exchange(ref _changed, NewSignal()).SetResult();
    }

    /// <summary>Lets the watch of the request run out that waits for this part, as soon as one does.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> RunOutAsync(AnswerPart part, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next = Volatile.Read(ref _changed).Task;
            if (Pass(timer => _awaited == part && timer.Watch?.Token == _awaiting) is { } took)
            {
                return took;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    private PassingTimer Create(Action fire, Purpose purpose, TimeSpan dueTime, IdleTimeout? watch = null)
    {
        PassingTimer timer = new(this, fire, purpose, watch);
        timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        return timer;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Wake() => ThreadPool.QueueUserWorkItem(_ =>
    {
        if (Pass(timer => _underWay == 0 && timer.Purpose != Purpose.Watch && _armed.Exists(static other => other.Purpose == Purpose.Pause)) is not null)
        {
            Wake();
        }
    });

    // How far the clock went on, in the same step in which the timer was chosen: a pause may pass on another thread. Null for no timer.
    private TimeSpan? Pass(Func<PassingTimer, bool> isNext)
    {
        PassingTimer[] fired;
        TimeSpan took;
        lock (_lock)
        {
            PassingTimer? next = _armed.Where(isNext).MinBy(static timer => timer.Due);
            if (next is null)
            {
                return null;
            }

            took = next.Due > _now ? next.Due - _now : TimeSpan.Zero;
            _now += took;
            fired = [.. _armed.Where(timer => timer.Due <= _now).OrderBy(static timer => timer.Due)];
            _armed.RemoveAll(timer => timer.Due <= _now);
        }

        Array.ForEach(fired, static timer => timer.Fire());
        return took;
    }

    private enum Purpose
    {
        Pause,
        Watch,
        Server,
    }

    private sealed class ServerTime(PassingTime time) : TimeProvider
    {
        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp() => time.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => time.Real;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            time.Create(() => callback(state), Purpose.Server, dueTime);
    }

    private sealed class PassingTimer(PassingTime time, Action fire, Purpose purpose, IdleTimeout? watch) : ITimer
    {
        public Purpose Purpose => purpose;

        public IdleTimeout? Watch => watch;

        public DateTimeOffset Due { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._armed.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = time._now + dueTime;
                    time._armed.Add(this);
                }
            }

            if (purpose == Purpose.Watch)
            {
                Interlocked.Exchange(ref time._changed, NewSignal()).SetResult();
            }

            if (dueTime == TimeSpan.Zero)
            {
                ThreadPool.QueueUserWorkItem(_ => time.Pass(timer => timer == this));
            }
            else
            {
                time.Wake();
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
