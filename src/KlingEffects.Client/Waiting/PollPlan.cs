namespace KlingEffects.Waiting;

/// <summary>Schedules polls: rarely while a task can't have ended, often when it is likely to have. One under way is not due.</summary>
internal sealed class PollPlan(TimeSpan? fixedInterval, Random random)
{
    private readonly SortedSet<WaitingTask> _due = new(WaitingTask.ByDue);
    private readonly HashSet<WaitingTask> _asked = [];
    private readonly LifeTable _all = new();
    private readonly Dictionary<string, LifeTable> _byScene = new(StringComparer.Ordinal);
    private TimeSpan _polledAt;
    private int _ends;
    private int _endsWhenPlanned;

    public IEnumerable<WaitingTask> Open => _due.Concat(_asked);
    public int Asked => _asked.Count;
    public TimeSpan? NextDeadline => _due.Min(static waiting => waiting.Deadline);

    /// <summary>Adds a task. One that this process just submitted can't be done yet, so its first poll is planned.</summary>
    public void Arrive(WaitingTask waiting, TimeSpan now)
    {
        bool isNew = waiting.Task.Context.SubmittedAt is not null;
        Schedule(waiting, isNew ? now + IntervalOf(waiting, now) : now, isPlanned: isNew);
    }

    public void Schedule(WaitingTask waiting, TimeSpan due, bool isPlanned)
    {
        waiting.IsPlanned = isPlanned;
        waiting.Due = waiting.Deadline < due ? waiting.Deadline.Value : due;
        _asked.Remove(waiting);
        _due.Add(waiting);
    }

    public void Leave(WaitingTask waiting) => _asked.Remove(waiting);

    public TimeSpan? NextPoll(TimeSpan now) => _due.Min is not { } first ? null
        : LongestSilence(first, now) is { } silence && _polledAt + silence < first.Due ? _polledAt + silence
        : first.Due;

    public WaitingTask TakeFirst(TimeSpan now)
    {
        WaitingTask first = _due.Min!;
        _due.Remove(first);
        _asked.Add(first);
        _polledAt = now;
        return first;
    }

    /// <summary>A task past its deadline, or null. One that is being polled is judged when its answer comes.</summary>
    public WaitingTask? TakeLate(TimeSpan then)
    {
        // No poll is scheduled after the deadline.
        WaitingTask? late = _due.TakeWhile(waiting => waiting.Due <= then).FirstOrDefault(waiting => waiting.Deadline <= then);
        return late is not null && _due.Remove(late) ? late : null;
    }

    public TimeSpan IntervalOf(WaitingTask waiting, TimeSpan now) => fixedInterval ?? IntervalAt(waiting, Age(waiting, now));

    public void ObserveUnderWay(WaitingTask waiting, TimeSpan now) => Count(waiting, Age(waiting, now));

    /// <summary>The task has ended. The API's own times tell how long it took, if it returns them.</summary>
    public void ObserveEnd(WaitingTask waiting, TimeSpan now)
    {
        double age = Age(waiting, now);
        double took = (waiting.Task.UpdatedAt - waiting.Task.CreatedAt)?.TotalSeconds is { } told && told > 0 && told < age ? told : age;
        Count(waiting, took);
        Table(waiting.Task).RecordEnd(took);
        _ends++;
    }

    /// <summary>Reschedules all polls whenever the number of known ends has doubled.</summary>
    public void Reschedule()
    {
        if (fixedInterval is not null || _ends == 0 || _ends < 2 * _endsWhenPlanned)
        {
            return;
        }

        _endsWhenPlanned = _ends;
        foreach (WaitingTask waiting in _due.Where(static waiting => waiting.IsPlanned).ToArray())
        {
            _due.Remove(waiting);
            TimeSpan lastSeen = waiting.Begun + TimeSpan.FromSeconds(waiting.CountedAge);
            Schedule(waiting, lastSeen + IntervalAt(waiting, waiting.CountedAge), isPlanned: true);
        }
    }

    public Survival? LivesOf(string? scene) =>
        scene is null ? _all.Lives() : _byScene.TryGetValue(scene, out LifeTable? table) ? table.Lives() : null;

    public static double Age(WaitingTask waiting, TimeSpan now) => Math.Max(0, (now - waiting.Begun).TotalSeconds);

    // How long the batch may go without any poll: one answer tells about tasks of the same age. It matters if many polls are due together.
    private TimeSpan? LongestSilence(WaitingTask next, TimeSpan now) => fixedInterval is not null || !next.IsPlanned || !next.WasSeen
        ? null
        : TimeSpan.FromSeconds(Math.Sqrt(2 * Policy.PollWorth / (_due.Count * Table(next.Task).Hazard(Age(next, now)))));

    private TimeSpan IntervalAt(WaitingTask waiting, double age)
    {
        double wait = Table(waiting.Task).NextPoll(age, Policy.PollWorth, Policy.LongestPoll.TotalSeconds) - age;
        TimeSpan jittered = TimeSpan.FromSeconds(random.Around(wait, Policy.PollSpread));
        return jittered > Policy.ShortestPoll ? jittered : Policy.ShortestPoll;
    }

    private void Count(WaitingTask waiting, double age)
    {
        if (age > waiting.CountedAge)
        {
            Table(waiting.Task).RecordAlive(waiting.CountedAge, age);
            waiting.CountedAge = age;
        }
    }

    private LifeTable Table(KlingTask task)
    {
        string scene = task.Scene ?? "";
        if (!_byScene.TryGetValue(scene, out LifeTable? table))
        {
            _byScene[scene] = table = new LifeTable(_all);
        }

        return table;
    }
}
