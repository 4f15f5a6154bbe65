using KlingEffects.Waiting;

namespace KlingEffects.Tests.Waiting;

public sealed class PollPlanTests
{
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(10);

    private readonly PollPlan _plan = new(TimeSpan.FromSeconds(5), new Random(1));
    private long _arrivals;

    [Fact]
    public void What_came_first_is_asked_for_first_and_again_in_turn()
    {
        WaitingTask one = Arrive("one", Start);
        WaitingTask other = Arrive("other", Start + TimeSpan.FromSeconds(1));
        Assert.Equal(Start, _plan.NextPoll(Start));

        Assert.Same(one, _plan.TakeFirst(Start));
        Assert.Equal(Start + TimeSpan.FromSeconds(1), _plan.NextPoll(Start));
        _plan.Schedule(one, Start + TimeSpan.FromSeconds(5), isPlanned: false);

        Assert.Same(other, _plan.TakeFirst(Start + TimeSpan.FromSeconds(1)));
        Assert.Equal(Start + TimeSpan.FromSeconds(5), _plan.NextPoll(Start));
    }

    [Fact]
    public void A_task_that_is_asked_for_is_open_and_due_at_no_time()
    {
        WaitingTask one = Arrive("one", Start);
        Assert.Equal([one], _plan.Open);

        _plan.TakeFirst(Start);
        Assert.Equal([one], _plan.Open);
        Assert.Equal(1, _plan.Asked);
        Assert.Null(_plan.NextPoll(Start));

        _plan.Leave(one);
        Assert.Empty(_plan.Open);
    }

    [Fact]
    public void No_poll_is_due_after_the_time_is_up()
    {
        WaitingTask one = Arrive("one", Start, TimeSpan.FromSeconds(3));
        _plan.Schedule(_plan.TakeFirst(Start), Start + TimeSpan.FromSeconds(60), isPlanned: true);
        Assert.Equal(Start + TimeSpan.FromSeconds(3), one.Due);
        Assert.Equal(Start + TimeSpan.FromSeconds(3), _plan.NextDeadline);
    }

    [Fact]
    public void Late_is_what_waits_for_its_poll_and_each_once()
    {
        WaitingTask waiting = Arrive("waiting", Start, TimeSpan.FromSeconds(3));
        Arrive("asked", Start + TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(3));
        Assert.Equal("asked", _plan.TakeFirst(Start).Task.TaskId);

        Assert.Null(_plan.TakeLate(Start + TimeSpan.FromSeconds(1)));
        Assert.Same(waiting, _plan.TakeLate(Start + TimeSpan.FromSeconds(3)));
        Assert.Null(_plan.TakeLate(Start + TimeSpan.FromSeconds(30)));
    }

    private WaitingTask Arrive(string id, TimeSpan at, TimeSpan? timeout = null)
    {
        WaitingTask waiting = new(new KlingTask { TaskId = id }, null, at, _arrivals++) { Deadline = at + timeout };
        _plan.Arrive(waiting, at);
        return waiting;
    }
}
