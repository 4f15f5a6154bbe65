namespace KlingEffects.Waiting;

/// <summary>The tasks that are waited for, by when each is to be asked for next. One that is being asked for has no poll due.</summary>
internal sealed class PollQueue(PollPlan plan)
{
    private readonly SortedSet<WaitingTask> _due = new(WaitingTask.ByDue);
    private readonly HashSet<WaitingTask> _asked = [];
    private readonly Queue<WaitingTask> _byDeadline = new(); // all have the same time, so that is the order of their arrival
    private TimeSpan _polledAt;

    public IEnumerable<WaitingTask> Open => _due.Concat(_asked);

    public int Asked => _asked.Count;

    /// <summary>When the next task's time is up; null where none waits, or none has a bound.</summary>
    public TimeSpan? NextDeadline
    {
        get
        {
            // What has ended is let go of on the way.
            while (_byDeadline.Count > 0 && _byDeadline.Peek().IsOver)
            {
                _byDeadline.Dequeue();
            }

            return _byDeadline.Count > 0 ? _byDeadline.Peek().Deadline : null;
        }
    }

    /// <summary>From here on the task is waited for. What this process just submitted cannot be done at once.</summary>
    public void Arrive(WaitingTask waiting, TimeSpan now)
    {
        if (waiting.Deadline is not null)
        {
            _ = NextDeadline;
            _byDeadline.Enqueue(waiting);
        }

        bool isNew = waiting.Task.Context.SubmittedAt is not null;
        Schedule(waiting, isNew ? now + plan.Next(waiting, now) : now, isPlanned: isNew);
    }

    public void Schedule(WaitingTask waiting, TimeSpan due, bool isPlanned)
    {
        waiting.IsPlanned = isPlanned;
        waiting.Due = waiting.Deadline < due ? waiting.Deadline.Value : due;
        _asked.Remove(waiting);
        _due.Add(waiting);
    }

    public TimeSpan? NextPoll(TimeSpan now) => _due.Min is not { } first ? null
        : plan.LongestSilence(first, _due.Count, now) is { } silence && _polledAt + silence < first.Due ? _polledAt + silence
        : first.Due;

    public WaitingTask TakeFirst(TimeSpan now)
    {
        WaitingTask first = _due.Min!;
        _due.Remove(first);
        _asked.Add(first);
        _polledAt = now;
        return first;
    }

    /// <summary>The next task whose time was up then, or null. One that is being asked for is late when its answer comes.</summary>
    public WaitingTask? TakeLate(TimeSpan then)
    {
        while (NextDeadline <= then)
        {
            WaitingTask late = _byDeadline.Dequeue();
            if (_due.Remove(late))
            {
                return late;
            }
        }

        return null;
    }

    public void Leave(WaitingTask waiting)
    {
        waiting.IsOver = true;
        _asked.Remove(waiting);
    }

    /// <summary>Another end is known: what the first ones show must not come too late for tasks whose polls were planned before.</summary>
    public void Reschedule()
    {
        WaitingTask[] planned = plan.TryRenew() ? [.. _due.Where(static waiting => waiting.IsPlanned)] : [];
        foreach (WaitingTask waiting in planned)
        {
            _due.Remove(waiting);
            Schedule(waiting, plan.Reschedule(waiting), isPlanned: true);
        }
    }
}
