using KlingEffects.Waiting;

namespace KlingEffects.Tests.Waiting;

public sealed class PollQueueTests
{
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(10);

    private readonly PollQueue _queue = new(new PollPlan(TimeSpan.FromSeconds(5), new Random(1)));
    private long _arrivals;

    [Fact]
    public void What_came_first_is_asked_for_first_and_again_in_turn()
    {
        WaitingTask one = Arrive("one", Start);
        WaitingTask other = Arrive("other", Start + TimeSpan.FromSeconds(1));
        Assert.Equal(Start, _queue.NextPoll(Start));

        Assert.Same(one, _queue.TakeFirst(Start));
        Assert.Equal(Start + TimeSpan.FromSeconds(1), _queue.NextPoll(Start));
        _queue.Schedule(one, Start + TimeSpan.FromSeconds(5), isPlanned: false);

        Assert.Same(other, _queue.TakeFirst(Start + TimeSpan.FromSeconds(1)));
        Assert.Equal(Start + TimeSpan.FromSeconds(5), _queue.NextPoll(Start));
    }

    [Fact]
    public void A_task_that_is_asked_for_is_open_and_due_at_no_time()
    {
        WaitingTask one = Arrive("one", Start);
        Assert.Equal([one], _queue.Open);

        _queue.TakeFirst(Start);
        Assert.Equal([one], _queue.Open);
        Assert.Equal(1, _queue.Asked);
        Assert.Null(_queue.NextPoll(Start));

        _queue.Leave(one);
        Assert.Empty(_queue.Open);
        Assert.True(one.IsOver);
    }

    [Fact]
    public void No_poll_is_due_after_the_time_is_up()
    {
        WaitingTask one = Arrive("one", Start, TimeSpan.FromSeconds(3));
        _queue.Schedule(_queue.TakeFirst(Start), Start + TimeSpan.FromSeconds(60), isPlanned: true);
        Assert.Equal(Start + TimeSpan.FromSeconds(3), one.Due);
        Assert.Equal(Start + TimeSpan.FromSeconds(3), _queue.NextDeadline);
    }

    [Fact]
    public void Late_is_what_waits_for_its_poll_and_each_once()
    {
        WaitingTask waiting = Arrive("waiting", Start, TimeSpan.FromSeconds(3));
        Arrive("asked", Start + TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(3));
        Assert.Equal("asked", _queue.TakeFirst(Start).Task.TaskId);

        Assert.Null(_queue.TakeLate(Start + TimeSpan.FromSeconds(1)));
        Assert.Same(waiting, _queue.TakeLate(Start + TimeSpan.FromSeconds(3)));
        Assert.Null(_queue.TakeLate(Start + TimeSpan.FromSeconds(30)));
    }

    private WaitingTask Arrive(string id, TimeSpan at, TimeSpan? timeout = null)
    {
        WaitingTask waiting = new(new KlingTask { TaskId = id }, null, at, _arrivals++) { Deadline = at + timeout };
        _queue.Arrive(waiting, at);
        return waiting;
    }
}
