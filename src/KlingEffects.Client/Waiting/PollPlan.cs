using KlingEffects.Policies;

namespace KlingEffects.Waiting;

/// <summary>When to ask for a task again: rarely while it cannot be done, often when it is about to be.</summary>
internal sealed class PollPlan(TimeSpan? fixedInterval, Random random)
{
    private readonly LifeTable _all = new();
    private readonly Dictionary<string, LifeTable> _byScene = new(StringComparer.Ordinal);

    /// <summary>How long after a task's arrival to ask first. What this process just submitted cannot be done at once.</summary>
    public TimeSpan First(WaitingTask waiting, DateTimeOffset now) =>
        waiting.Task.Context.SubmittedAt is null ? TimeSpan.Zero : Next(waiting, now);

    /// <summary>How long to wait before the next poll.</summary>
    public TimeSpan Next(WaitingTask waiting, DateTimeOffset now)
    {
        if (fixedInterval is { } interval)
        {
            return interval;
        }

        double age = Age(waiting, now);
        double wait = Table(waiting.Task).NextPoll(age, Policy.PollWorth, Policy.LongestPoll.TotalSeconds) - age;
        TimeSpan jittered = TimeSpan.FromSeconds(Jitter.Around(wait, Policy.PollSpread, random));
        return jittered > Policy.ShortestPoll ? jittered : Policy.ShortestPoll;
    }

    /// <summary>The task was seen under way.</summary>
    public void SeenUnderWay(WaitingTask waiting, DateTimeOffset now)
    {
        double age = Age(waiting, now);
        if (age > waiting.CountedAge)
        {
            Table(waiting.Task).Lived(waiting.CountedAge, age);
            waiting.CountedAge = age;
        }
    }

    /// <summary>The task was seen ended. The API's own times tell how long it took, where it gives them.</summary>
    public void SeenEnded(WaitingTask waiting, KlingTask ended, DateTimeOffset now)
    {
        double age = Age(waiting, now);
        double took = (ended.UpdatedAt - ended.CreatedAt)?.TotalSeconds is { } told && told > 0 && told < age ? told : age;
        LifeTable table = Table(waiting.Task);
        if (took > waiting.CountedAge)
        {
            table.Lived(waiting.CountedAge, took);
        }

        table.Ended(took);
    }

    private static double Age(WaitingTask waiting, DateTimeOffset now) => Math.Max(0, (now - waiting.Begun).TotalSeconds);

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
