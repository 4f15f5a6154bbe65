using System.Collections.Concurrent;

namespace KlingEffects.Tests.Videos;

/// <summary>A clock by which a pause is over at once, and a watch on the network runs out only when a test says so.</summary>
internal sealed class DrivenTime : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _pauses = new();
    private long _ticks = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero).Ticks;

    /// <summary>Every pause made so far, in full.</summary>
    public IReadOnlyList<TimeSpan> Pauses => [.. _pauses];

    /// <summary>Called as a pause begins.</summary>
    public Action<TimeSpan> Pausing { get; set; } = static _ => { };

    /// <summary>Whether the watch that is set now runs out.</summary>
    public Func<bool> RunsOut { get; set; } = static () => false;

    /// <summary>How far the clock has been set forward, or back: its hands, not what has passed.</summary>
    public TimeSpan Set { get; set; }

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(Interlocked.Read(ref _ticks), TimeSpan.Zero) + Set;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    /// <summary>Lets time pass, as while bytes come.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        DrivenTimer timer = new(this, () => callback(state));
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            _pauses.Enqueue(dueTime);
            Interlocked.Add(ref _ticks, dueTime.Ticks);
            Pausing(dueTime);
            timer.Fire();
        }

        return timer;
    }

    private sealed class DrivenTimer(DrivenTime time, Action callback) : ITimer
    {
        private volatile bool _disposed;

        public void Fire() => ThreadPool.QueueUserWorkItem(_ =>
        {
            if (!_disposed)
            {
                callback();
            }
        });

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != Timeout.InfiniteTimeSpan && time.RunsOut())
            {
                Fire();
            }

            return true;
        }

        public void Dispose() => _disposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
