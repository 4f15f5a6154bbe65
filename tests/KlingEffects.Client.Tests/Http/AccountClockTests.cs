using KlingEffects.Api;
using Microsoft.Extensions.Time.Testing;
using static KlingEffects.Tests.Http.AccountRig;

namespace KlingEffects.Tests.Http;

/// <summary>An account on clocks that somebody sets, or that move on while they are read.</summary>
public sealed class AccountClockTests
{
    [Fact]
    public void A_clock_that_is_set_back_or_forward_changes_nothing()
    {
        AccountRig rig = new(new SetClock());
        AccountPipeline pipeline = rig.Pipeline(new SubmitOptions { Timeout = TimeSpan.FromMinutes(10), StandstillTime = null });
        pipeline.Enter().Answer(Refused);
        foreach (double hours in (double[])[-1, 2, -48])
        {
            ((SetClock)rig.Time).Shift += TimeSpan.FromHours(hours);
            rig.Pass(10);
            Assert.Single(pipeline.Inside).Answer(Refused);
        }

        rig.Pass(9 * 60);
        Assert.Null(pipeline.Jobs[0].GivenUp);
        pipeline.Jobs[0].Answer(Refused);
        rig.Pass(60);
        Assert.Equal(KlingErrorId.RateLimited, pipeline.Jobs[0].GivenUp!.Id);
    }

    [Fact]
    public void A_turn_that_comes_while_the_loop_looks_at_the_clock_goes_to_one_and_no_other_is_lost()
    {
        JumpingTime time = new();
        AccountRig rig = new(time);
        AccountPipeline pipeline = rig.Pipeline();
        pipeline.Enter().Answer(Refused);
        pipeline.Enter(3);
        time.NextJump = TimeSpan.FromSeconds(2);
        pipeline.Enter();
        for (int left = 5; left > 0; left--)
        {
            rig.Pass(10);
            Assert.Single(pipeline.Inside).Answer(Final);
        }
    }

    /// <summary>A machine whose clock somebody sets.</summary>
    private sealed class SetClock() : FakeTimeProvider(DateTimeOffset.UtcNow)
    {
        public TimeSpan Shift { get; set; }

        public override long GetTimestamp() => base.GetUtcNow().UtcTicks;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
    }

    /// <summary>Moves on once while it is read, so that what has come due runs on the reader's own thread.</summary>
    private sealed class JumpingTime : FakeTimeProvider
    {
        public TimeSpan NextJump { get; set; }

        public override long GetTimestamp()
        {
            TimeSpan jump = NextJump;
            NextJump = TimeSpan.Zero;
            if (jump > TimeSpan.Zero)
            {
                Advance(jump);
            }

            return base.GetTimestamp();
        }
    }
}
