namespace KlingEffects.Tests.Http;

/// <summary>The system's clock, with timers that run out so many times as fast.</summary>
internal sealed class HastyTime(int times) : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new HastyTimer(System.CreateTimer(callback, state, Hasten(dueTime), Hasten(period)), Hasten);

    private TimeSpan Hasten(TimeSpan span) => span == Timeout.InfiniteTimeSpan ? span : span / times;

    private sealed class HastyTimer(ITimer timer, Func<TimeSpan, TimeSpan> hasten) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(hasten(dueTime), hasten(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
