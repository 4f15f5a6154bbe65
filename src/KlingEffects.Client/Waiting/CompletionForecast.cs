using KlingEffects.Batches;

namespace KlingEffects.Waiting;

/// <summary>When the last task of a batch is likely to have ended: in half of all cases sooner, in half later.</summary>
internal static class CompletionForecast
{
    // Ages that differ by less are one.
    private const double Grain = 1.02;
    private const double Longest = 10 * 24 * 3600;

    /// <summary>
    /// How long until the last task has ended, and until the last job that waits for a slot is submitted, by what the batch has shown;
    /// null until it has shown something. Upstream, if anywhere, jobs of the batch still wait to be submitted.
    /// </summary>
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

        // Each slot is free once its task has ended: so many whole rounds, and the rest of this one.
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

    // The first second at which it holds; it holds from then on.
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

    /// <summary>Tasks of one scene that are of one age.</summary>
    private sealed record Group(Survival Lives, double Age, int Tasks)
    {
        /// <summary>How likely one of them has ended after some more seconds.</summary>
        public double Ended(double seconds) => Lives.EndedAfter(Age, seconds);
    }
}
