namespace KlingEffects.Waiting;

/// <summary>The tasks of a batch by when their time is up. All have the same time, so that is the order of their arrival.</summary>
internal sealed class Deadlines
{
    private readonly Queue<WaitingTask> _waiting = new();

    /// <summary>When the next task's time is up; null where none waits, or none has a bound.</summary>
    public TimeSpan? Next => Oldest?.Deadline;

    public void Add(WaitingTask waiting)
    {
        if (waiting.Deadline is not null)
        {
            _ = Oldest;
            _waiting.Enqueue(waiting);
        }
    }

    /// <summary>The next task whose time is up, once; else null.</summary>
    public WaitingTask? TakeLate(TimeSpan now) => Oldest?.Deadline <= now ? _waiting.Dequeue() : null;

    // What has ended is let go of on the way.
    private WaitingTask? Oldest
    {
        get
        {
            while (_waiting.Count > 0 && _waiting.Peek().IsOver)
            {
                _waiting.Dequeue();
            }

            return _waiting.Count > 0 ? _waiting.Peek() : null;
        }
    }
}
