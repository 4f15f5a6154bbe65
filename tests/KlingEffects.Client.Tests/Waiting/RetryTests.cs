using KlingEffects.Http;
using KlingEffects.Policies;
using KlingEffects.Tests.Videos;

namespace KlingEffects.Tests.Waiting;

/// <summary>The one loop that makes a call again.</summary>
public sealed class RetryTests
{
    private static readonly RetryPolicy Doubling = new() { BaseDelay = Seconds(1), MaxDelay = Seconds(4), Jitter = 0 };

    private readonly DrivenTime _time = new();

    [Fact]
    public async Task Delays_double_up_to_the_longest_and_the_first_good_outcome_is_kept()
    {
        List<(int, TimeSpan)> told = [];
        int calls = 0;
        Retry<int> retry = new(Doubling, _time, new Random(1)) { ShouldHandle = static call => call < 5, OnRetry = (call, delay) => told.Add((call, delay)) };
        Assert.Equal(5, await retry.RunAsync(() => Task.FromResult(++calls), CancellationToken.None));
        Assert.Equal([Seconds(1), Seconds(2), Seconds(4), Seconds(4)], _time.Pauses);
        Assert.Equal([(1, Seconds(1)), (2, Seconds(2)), (3, Seconds(4)), (4, Seconds(4))], told);
    }

    [Fact]
    public async Task So_many_attempts_and_no_more()
    {
        int calls = 0;
        Retry<int> retry = new(Doubling with { MaxAttempts = 3 }, _time, new Random(1)) { ShouldHandle = static _ => true };
        Assert.Equal(3, await retry.RunAsync(() => Task.FromResult(++calls), CancellationToken.None));
        Assert.Equal(2, _time.Pauses.Count);
    }

    [Theory]
    [InlineData(false, 4, 7)]
    [InlineData(true, 4, 6)]
    public async Task So_long_and_no_longer(bool strict, int attempts, double passed)
    {
        int calls = 0;
        Retry<int> retry = new(Doubling with { MaxElapsed = Seconds(6), IsStrict = strict }, _time, new Random(1)) { ShouldHandle = static _ => true };
        Assert.Equal(attempts, await retry.RunAsync(() => Task.FromResult(++calls), CancellationToken.None));
        Assert.Equal(passed, _time.Pauses.Sum(static pause => pause.TotalSeconds));
    }

    [Theory]
    [InlineData(false, 3, 2)]
    [InlineData(false, 3600, 2)]
    [InlineData(true, 5, 2)]
    [InlineData(true, 7, 1)]
    public async Task What_a_server_asks_for_is_kept_within_its_bound(bool strict, double asked, int attempts)
    {
        int calls = 0;
        Retry<int> retry = new(Doubling with { MaxElapsed = Seconds(6), IsStrict = strict }, _time, new Random(1))
        {
            ShouldHandle = static call => call == 1,
            RetryAfter = _ => Seconds(asked),
        };
        Assert.Equal(attempts, await retry.RunAsync(() => Task.FromResult(++calls), CancellationToken.None));
        Assert.Equal(attempts == 1 ? [] : [Seconds(Math.Min(asked, Policy.LongestRetryAfter.TotalSeconds))], _time.Pauses);
    }

    [Fact]
    public async Task A_clock_that_is_set_changes_nothing()
    {
        int calls = 0;
        _time.Pausing = _ => _time.Set += TimeSpan.FromHours(calls % 2 == 0 ? 2 : -3);
        Retry<int> retry = new(Doubling with { MaxElapsed = Seconds(6) }, _time, new Random(1)) { ShouldHandle = static _ => true };
        Assert.Equal(4, await retry.RunAsync(() => Task.FromResult(++calls), CancellationToken.None));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
