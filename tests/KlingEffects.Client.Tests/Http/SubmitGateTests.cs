using KlingEffects.Api;
using KlingEffects.Http;
using Microsoft.Extensions.Time.Testing;

namespace KlingEffects.Tests.Http;

/// <summary>The gate by itself, on a driven clock.</summary>
public sealed class SubmitGateTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly SubmitGate _gate;

    public SubmitGateTests() => _gate = new SubmitGate(_time, Random.Shared);

    [Fact]
    public void While_no_limit_is_known_all_pass() => Assert.All(Enter(100), static turn => Assert.True(turn.IsCompletedSuccessfully));

    [Fact]
    public void After_a_refusal_one_probes_at_a_time_and_the_width_grows_with_every_job_taken()
    {
        Refuse();
        Enter(10);
        Assert.Equal(0, _gate.Inside);
        _time.Advance(TimeSpan.FromSeconds(0.7));
        Assert.Equal(0, _gate.Inside);
        _time.Advance(TimeSpan.FromSeconds(0.6));
        Assert.Equal(1, _gate.Inside);
        for (int taken = 1; taken <= 4; taken++)
        {
            _gate.Taken();
            Assert.Equal(1 + taken, _gate.Inside);
        }
    }

    [Fact]
    public void Pauses_double_up_to_eight_seconds_and_begin_anew_after_a_job_was_taken()
    {
        foreach (double pause in (double[])[1, 2, 4, 8, 8, 8])
        {
            AssertPause(pause);
            _gate.Left();
        }

        Enter(1);
        _gate.Taken();
        AssertPause(1);
    }

    [Fact]
    public async Task Those_who_wait_go_in_the_order_of_their_arrival()
    {
        Refuse();
        List<Task> turns = Enter(5);
        for (int n = 0; n < 5; n++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(1, _gate.Inside);
            await TurnAsync(turns[n]);
            Assert.All(turns.Skip(n + 1), static turn => Assert.False(turn.IsCompleted));
            _gate.Refused(null);
        }
    }

    [Fact]
    public async Task Who_comes_late_does_not_overtake()
    {
        Refuse();
        List<Task> turns = Enter(2);
        _time.Advance(TimeSpan.FromSeconds(2));
        await TurnAsync(turns[0]);
        Task late = Enter(1)[0];
        _gate.Left();
        await TurnAsync(turns[1]);
        Assert.Equal((1, false), (_gate.Inside, late.IsCompleted));
    }

    [Theory]
    [InlineData(30, 30)]
    [InlineData(3600, 600)]
    public void A_server_that_asks_for_quiet_gets_it_within_reason(int asked, int given)
    {
        Refuse(TimeSpan.FromSeconds(asked));
        Enter(1);
        _gate.SlotFreed();
        _time.Advance(TimeSpan.FromSeconds(given - 1));
        Assert.Equal(0, _gate.Inside);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _gate.Inside);
    }

    [Fact]
    public void A_slot_that_is_free_opens_at_once_for_one()
    {
        Refuse();
        Enter(2);
        _gate.SlotFreed();
        Assert.Equal(1, _gate.Inside);
        _gate.SlotFreed();
        Assert.Equal(1, _gate.Inside);
    }

    [Fact]
    public void A_wave_of_refusals_counts_once()
    {
        Enter(8);
        for (int n = 0; n < 8; n++)
        {
            _gate.Refused(null);
        }

        Enter(1);
        _time.Advance(TimeSpan.FromSeconds(1.26));
        Assert.Equal(1, _gate.Inside);
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_queue_and_takes_nobodys_turn()
    {
        Refuse();
        using CancellationTokenSource stop = new();
        Task gone = _gate.EnterAsync(stop.Token);
        Task next = Enter(1)[0];
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        _time.Advance(TimeSpan.FromSeconds(2));
        await TurnAsync(next);
        Assert.Equal(1, _gate.Inside);
    }

    [Fact]
    public async Task Stops_and_turns_at_the_same_moment_lose_no_place()
    {
        for (int round = 0; round < 300; round++)
        {
            Refuse();
            using CancellationTokenSource stop = new();
            Task stopped = _gate.EnterAsync(stop.Token);
            Task stays = Enter(1)[0];
            await Task.WhenAll(Task.Run(stop.Cancel, Cancellation), Task.Run(() => _time.Advance(TimeSpan.FromSeconds(11)), Cancellation));
            // A timer that was set while the clock moved counts from the new time.
            _time.Advance(TimeSpan.FromSeconds(11));
            if (await Task.WhenAny(stopped) is { IsCompletedSuccessfully: true })
            {
                _gate.Left();
            }

            await TurnAsync(stays);
            Assert.Equal(1, _gate.Inside);
            _gate.Taken();
        }
    }

    [Fact]
    public async Task A_turn_that_comes_while_the_gate_looks_at_the_clock_goes_to_one_and_no_other_is_lost()
    {
        JumpingTime time = new();
        SubmitGate gate = new(time, Random.Shared);
        await gate.EnterAsync(Cancellation);
        gate.Refused(null);
        List<Task> turns = [.. Enumerable.Range(0, 3).Select(_ => gate.EnterAsync(Cancellation))];
        time.NextJump = TimeSpan.FromSeconds(2);
        turns.Add(gate.EnterAsync(Cancellation));
        foreach (Task turn in turns)
        {
            await TurnAsync(turn);
            Assert.Equal(1, gate.Inside);
            gate.Left();
        }
    }

    [Fact]
    public void The_time_of_the_last_job_taken_is_known()
    {
        Enter(1);
        Assert.Equal(default, _gate.LastTaken);
        _time.Advance(TimeSpan.FromSeconds(5));
        _gate.Taken();
        Assert.Equal(_time.GetUtcNow(), _gate.LastTaken);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // The turn is given at once, but told on another thread.
    private static Task TurnAsync(Task turn) => turn.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);

    private void Refuse(TimeSpan? retryAfter = null)
    {
        Assert.True(Enter(1)[0].IsCompletedSuccessfully);
        _gate.Refused(retryAfter);
    }

    private void AssertPause(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(60));
        Refuse();
        Enter(1);
        _time.Advance(TimeSpan.FromSeconds(seconds * 0.74));
        Assert.Equal(0, _gate.Inside);
        _time.Advance(TimeSpan.FromSeconds(seconds * 0.52));
        Assert.Equal(1, _gate.Inside);
    }

    private List<Task> Enter(int count) => [.. Enumerable.Range(0, count).Select(_ => _gate.EnterAsync(Cancellation))];

    /// <summary>Moves on once while it is read, so that what has come due runs on the reader's own thread.</summary>
    private sealed class JumpingTime : FakeTimeProvider
    {
        public TimeSpan NextJump { get; set; }

        public override DateTimeOffset GetUtcNow()
        {
            TimeSpan jump = NextJump;
            NextJump = TimeSpan.Zero;
            if (jump > TimeSpan.Zero)
            {
                Advance(jump);
            }

            return base.GetUtcNow();
        }
    }
}
