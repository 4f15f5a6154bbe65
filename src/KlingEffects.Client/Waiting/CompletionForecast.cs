using KlingEffects.Batches;

namespace KlingEffects.Waiting;

/// <summary>The median time at which the last task of a batch will have ended.</summary>
internal static class CompletionForecast
{
    // The resolution of ages.
    private const double Grain = 1.02;
    private const double Longest = 10 * 24 * 3600;

    /// <summary>Until the last task has ended, and the last waiting job is submitted; null if no lifetimes are known.</summary>
    public static (TimeSpan Ended, TimeSpan? Submitted)? From(
        PollPlan plan, IEnumerable<WaitingTask> underWay, BatchProgress? upstream, TimeSpan now)
    {
        if (plan.LivesOf(null) is not { } all)
        {
            return null;
        }

        List<Group> groups =
        [
            .. from ofScene in underWay.GroupBy(static waiting => waiting.Task.Scene ?? "")
               let lives = plan.LivesOf(ofScene.Key) ?? all
               from ofAge in ofScene.GroupBy(waiting => Math.Round(Math.Log(1 + PollPlan.Age(waiting, now)) / Math.Log(Grain)))
               select new Group(lives, Math.Pow(Grain, ofAge.Key) - 1, ofAge.Count()),
        ];
        int jobs = (int)(upstream?.Open ?? 0);
        Group fresh = new(all, 0, jobs);
        if (jobs == 0 || upstream?.HeldBy?.Id != KlingErrorId.RateLimited)
        {
            return (TimeSpan.FromSeconds(UntilAllEnded(jobs == 0 ? groups : [.. groups, fresh])), null);
        }

        // Each slot is free when its task has ended: whole rounds, and the rest of the current one.
        int slots = Math.Max(1, groups.Sum(static group => group.Tasks));
        int rounds = (jobs - 1) / slots;
        int last = jobs - (rounds * slots);
        double submitted = (rounds * all.MeanLife)
            + Until(seconds => groups.Sum(group => group.Tasks * group.Ended(seconds)) >= Math.Min(last, 0.98 * slots));
        double ended = Math.Max(UntilAllEnded(groups), submitted + UntilAllEnded([fresh with { Tasks = last }]));
        return (TimeSpan.FromSeconds(ended), TimeSpan.FromSeconds(submitted));
    }

    private static double UntilAllEnded(List<Group> groups) => groups.Count == 0 ? 0
        : Until(seconds => groups.Sum(group => group.Tasks * Math.Log(group.Ended(seconds))) >= Math.Log(0.5));

    // The first second at which it holds; it must hold from then on.
    private static double Until(Func<double, bool> holds)
    {
        double high = 1;
        while (high < Longest && !holds(high))
        {
            high *= 2;
        }

        double low = 0;
        while (high - low > 0.5)
        {
            double middle = (low + high) / 2;
            (low, high) = holds(middle) ? (low, middle) : (middle, high);
        }

        return high;
    }

    private sealed record Group(Survival Lives, double Age, int Tasks)
    {
        public double Ended(double seconds) => Lives.EndedAfter(Age, seconds);
    }
}
