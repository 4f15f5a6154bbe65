using KlingEffects.Http;
using KlingEffects.Policies;
using Microsoft.Extensions.Time.Testing;

namespace KlingEffects.Tests.Http;

/// <summary>The watch on a request, and the pauses between requests.</summary>
public sealed class IdleTimeoutTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _caller = new();

    [Fact]
    public void Every_restart_begins_anew()
    {
        using IdleTimeout idle = new(_time, _caller.Token);
        _time.Advance(TimeSpan.FromDays(1));
        idle.Restart(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(9));
        idle.Restart(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(idle.Token.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(idle.Token.IsCancellationRequested && idle.HasExpired);
    }

    [Fact]
    public void A_callers_stop_is_no_running_out()
    {
        using IdleTimeout idle = new(_time, _caller.Token);
        idle.Restart(TimeSpan.FromSeconds(10));
        _caller.Cancel();
        Assert.True(idle.Token.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(idle.HasExpired);
    }

    [Fact]
    public void After_its_end_nothing_happens()
    {
        IdleTimeout idle = new(_time, _caller.Token);
        CancellationToken token = idle.Token;
        idle.Restart(TimeSpan.FromSeconds(10));
        idle.Dispose();
        idle.Restart(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.False(idle.HasExpired || token.IsCancellationRequested);
    }

    [Theory]
    [InlineData(1, null, 0.75, 1.25)]
    [InlineData(2, null, 1.5, 2.5)]
    [InlineData(6, null, 22.5, 37.5)]
    [InlineData(1000, null, 22.5, 37.5)]
    [InlineData(1, 0.1, 0.75, 1.25)]
    [InlineData(1, 60.0, 60, 60)]
    [InlineData(6, 60.0, 60, 60)]
    [InlineData(1, 1e9, 600, 600)]
    public void Pauses_double_up_to_a_bound_with_jitter_and_are_never_shorter_than_asked(int attempt, double? asked, double shortest, double longest)
    {
        TimeSpan? retryAfter = asked is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        double[] waits = [.. Enumerable.Range(0, 200).Select(_ =>
            Policy.Poll.Pause(attempt, retryAfter, Random.Shared).TotalSeconds)];
        Assert.All(waits, wait => Assert.InRange(wait, shortest, longest));
        Assert.True(shortest == longest || waits.Distinct().Count() > 100);
    }
}
