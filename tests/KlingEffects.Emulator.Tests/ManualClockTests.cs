namespace KlingEffects.Emulator.Tests;

/// <summary>The clock of <c>--manual-clock</c>.</summary>
public sealed class ManualClockTests
{
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Timers_fire_in_their_order_and_at_their_time()
    {
        List<string> fired = [];
        DateTimeOffset start = _clock.GetUtcNow();
        using ITimer late = Timer("late", 5, 0);
        using ITimer early = Timer("early", 2, 0);
        using ITimer ticking = Timer("tick", 1, 3);
        using ITimer cancelled = Timer("cancelled", 1, 1);
        cancelled.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(["tick 1", "early 2", "tick 4", "late 5"], fired);
        Assert.Equal(start.AddSeconds(6), _clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(6), _clock.GetElapsedTime(start.UtcTicks));

        ITimer Timer(string name, int due, int period) => _clock.CreateTimer(
            _ => fired.Add($"{name} {(_clock.GetUtcNow() - start).TotalSeconds}"),
            null,
            TimeSpan.FromSeconds(due),
            period == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(period));
    }

    [Fact]
    public void A_timer_may_set_another_one_on_the_way()
    {
        int count = 0;
        ITimer? timer = null;
        timer = _clock.CreateTimer(_ => timer!.Change(TimeSpan.FromSeconds(++count), Timeout.InfiniteTimeSpan), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(5, count);
        timer.Dispose();
    }

    [Fact]
    public async Task A_delay_ends_when_the_clock_gets_there()
    {
        Task delay = Task.Delay(TimeSpan.FromHours(1), _clock, TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.False(delay.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));
        await delay;
    }
}
