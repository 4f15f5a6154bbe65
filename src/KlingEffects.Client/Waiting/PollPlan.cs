namespace KlingEffects.Waiting;

/// <summary>When to ask for a task again: rarely while it cannot be done, often when it is about to be.</summary>
internal sealed class PollPlan(TimeSpan? fixedInterval, Random random)
{
    private readonly LifeTable _all = new();
    private readonly Dictionary<string, LifeTable> _byScene = new(StringComparer.Ordinal);
    private int _ends;
    private int _endsWhenPlanned;

    /// <summary>Whether so much more is known than when polls were last planned that they are planned anew: twice as many ends.</summary>
    public bool TryRenew()
    {
        bool isOutdated = fixedInterval is null && _ends > 0 && _ends >= 2 * _endsWhenPlanned;
        _endsWhenPlanned = isOutdated ? _ends : _endsWhenPlanned;
        return isOutdated;
    }

    public TimeSpan Next(WaitingTask waiting, TimeSpan now) => fixedInterval ?? NextAfter(waiting, Age(waiting, now));

    /// <summary>When to poll a task that was last seen at the age to which its life was counted.</summary>
    public TimeSpan Reschedule(WaitingTask waiting) =>
        waiting.Begun + TimeSpan.FromSeconds(waiting.CountedAge) + NextAfter(waiting, waiting.CountedAge);

    /// <summary>
    /// How long the batch may go without any poll: where not asking for one of its tasks would cost all of them together too much delay,
    /// for what one tells is true of the others. For a task alone that is its own next poll; it counts where the polls of many bunch.
    /// </summary>
    public TimeSpan? LongestSilence(WaitingTask next, int tasks, TimeSpan now) =>
        fixedInterval is not null || !next.IsPlanned || !next.WasSeen
            ? null
            : TimeSpan.FromSeconds(Math.Sqrt(2 * Policy.PollWorth / (tasks * Table(next.Task).Hazard(Age(next, now)))));

    public void ObserveUnderWay(WaitingTask waiting, TimeSpan now) => Count(waiting, Age(waiting, now));

    /// <summary>The task was seen ended. The API's own times tell how long it took, where it gives them.</summary>
    public void ObserveEnd(WaitingTask waiting, TimeSpan now)
    {
        double age = Age(waiting, now);
        double took = (waiting.Task.UpdatedAt - waiting.Task.CreatedAt)?.TotalSeconds is { } told && told > 0 && told < age ? told : age;
        Count(waiting, took);
        Table(waiting.Task).RecordEnd(took);
        _ends++;
    }

    /// <summary>How the lives of a scene's tasks end, of all scenes together where none is named; null where too few have.</summary>
    public Survival? LivesOf(string? scene) =>
        scene is null ? _all.Lives() : _byScene.TryGetValue(scene, out LifeTable? table) ? table.Lives() : null;

    /// <summary>In seconds.</summary>
    public static double Age(WaitingTask waiting, TimeSpan now) => Math.Max(0, (now - waiting.Begun).TotalSeconds);

    private TimeSpan NextAfter(WaitingTask waiting, double age)
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
