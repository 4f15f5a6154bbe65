using KlingEffects.Http;
using Microsoft.Extensions.Time.Testing;

namespace KlingEffects.Tests.Http;

/// <summary>The watch on a request, and the pauses between requests.</summary>
public sealed class PatienceTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _caller = new();

    [Fact]
    public void Every_grant_begins_anew()
    {
        using Patience patience = new(_time, _caller.Token);
        _time.Advance(TimeSpan.FromDays(1));
        patience.Grant(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(9));
        patience.Grant(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(patience.Token.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(patience.Token.IsCancellationRequested && patience.HasRunOut);
    }

    [Fact]
    public void A_callers_stop_is_no_running_out()
    {
        using Patience patience = new(_time, _caller.Token);
        patience.Grant(TimeSpan.FromSeconds(10));
        _caller.Cancel();
        Assert.True(patience.Token.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(patience.HasRunOut);
    }

    [Fact]
    public void After_its_end_nothing_happens()
    {
        Patience patience = new(_time, _caller.Token);
        CancellationToken token = patience.Token;
        patience.Grant(TimeSpan.FromSeconds(10));
        patience.Dispose();
        patience.Grant(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.False(patience.HasRunOut || token.IsCancellationRequested);
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
            Backoff.Delay(attempt, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), retryAfter).TotalSeconds)];
        Assert.All(waits, wait => Assert.InRange(wait, shortest, longest));
        Assert.True(shortest == longest || waits.Distinct().Count() > 100);
    }
}
