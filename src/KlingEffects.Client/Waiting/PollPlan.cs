namespace KlingEffects.Waiting;

/// <summary>When to ask for a task again: rarely while it cannot be done, often when it is about to be.</summary>
internal sealed class PollPlan(TimeSpan? fixedInterval, Random random)
{
    private readonly LifeTable _all = new();
    private readonly Dictionary<string, LifeTable> _byScene = new(StringComparer.Ordinal);
    private int _ends;
    private int _endsWhenPlanned;

    /// <summary>Whether so much more is known than when the waiting tasks' polls were planned that they are to be planned anew: twice as many ends.</summary>
    public bool IsOutdated => fixedInterval is null && _ends > 0 && _ends >= 2 * _endsWhenPlanned;

    /// <summary>What is planned from here on is planned with what is known now.</summary>
    public void Renew() => _endsWhenPlanned = _ends;

    /// <summary>How long after a task's arrival to ask first. What this process just submitted cannot be done at once.</summary>
    public TimeSpan First(WaitingTask waiting, TimeSpan now) =>
        waiting.Task.Context.SubmittedAt is null ? TimeSpan.Zero : Next(waiting, now);

    /// <summary>How long to wait before the next poll.</summary>
    public TimeSpan Next(WaitingTask waiting, TimeSpan now)
    {
        if (fixedInterval is { } interval)
        {
            return interval;
        }

        return NextAfter(waiting, Age(waiting, now));
    }

    /// <summary>When to poll a task that was last seen at the age to which its life was counted.</summary>
    public TimeSpan Reschedule(WaitingTask waiting) =>
        waiting.Begun + TimeSpan.FromSeconds(waiting.CountedAge) + NextAfter(waiting, waiting.CountedAge);

    /// <summary>
    /// How long the batch may go without any poll at all: where not asking for one of its tasks would cost all of them together too much
    /// delay, for what one tells is true of the others. For a task alone that is its own next poll; it counts where the polls of many bunch.
    /// </summary>
    public TimeSpan? LongestSilence(WaitingTask next, int tasks, TimeSpan now) =>
        fixedInterval is not null || !next.IsPlanned || !next.WasSeen
            ? null
            : TimeSpan.FromSeconds(Math.Sqrt(2 * Policy.PollWorth / (tasks * Table(next.Task).Hazard(Age(next, now)))));

    private TimeSpan NextAfter(WaitingTask waiting, double age)
    {
        double wait = Table(waiting.Task).NextPoll(age, Policy.PollWorth, Policy.LongestPoll.TotalSeconds) - age;
        TimeSpan jittered = TimeSpan.FromSeconds(random.Around(wait, Policy.PollSpread));
        return jittered > Policy.ShortestPoll ? jittered : Policy.ShortestPoll;
    }

    /// <summary>The task was seen under way.</summary>
    public void ObserveUnderWay(WaitingTask waiting, TimeSpan now)
    {
        double age = Age(waiting, now);
        if (age > waiting.CountedAge)
        {
            Table(waiting.Task).RecordAlive(waiting.CountedAge, age);
            waiting.CountedAge = age;
        }
    }

    /// <summary>The task was seen ended. The API's own times tell how long it took, where it gives them.</summary>
    public void ObserveEnd(WaitingTask waiting, KlingTask ended, TimeSpan now)
    {
        double age = Age(waiting, now);
        double took = (ended.UpdatedAt - ended.CreatedAt)?.TotalSeconds is { } told && told > 0 && told < age ? told : age;
        LifeTable table = Table(waiting.Task);
        if (took > waiting.CountedAge)
        {
            table.RecordAlive(waiting.CountedAge, took);
        }

        table.RecordEnd(took);
        _ends++;
    }

    /// <summary>How the lives of a scene's tasks end, of all scenes together where none is named; null where too few have.</summary>
    public Survival? LivesOf(string? scene) => scene is null ? _all.Lives() : _byScene.TryGetValue(scene, out LifeTable? table) ? table.Lives() : null;

    /// <summary>How old the task is, in seconds.</summary>
    public static double Age(WaitingTask waiting, TimeSpan now) => Math.Max(0, (now - waiting.Begun).TotalSeconds);

    private LifeTable Table(KlingTask task)
    {
        string scene = task.Scene ?? "";
        if (!_byScene.TryGetValue(scene, out LifeTable? table))
        {
            table = new LifeTable(_all);
            _byScene.Add(scene, table);
        }

        return table;
    }
}
