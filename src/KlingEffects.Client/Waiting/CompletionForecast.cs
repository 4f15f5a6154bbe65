using KlingEffects.Batches;

namespace KlingEffects.Waiting;

/// <summary>When the last task of a batch is likely to have ended: in half of all cases sooner, in half later.</summary>
internal sealed class CompletionForecast
{
    private const double Grain = 1.02;
    private const double Longest = 10 * 24 * 3600;

    private readonly Dictionary<(Survival Lives, int Age), int> _underWay = [];

    // How many seconds until the last job is submitted; null where none waits for a slot.
    private double? _untilSubmitted;

    /// <summary>
    /// How long until the last task has ended, and until the last job that waits for a slot is submitted, by what the batch has shown; null until
    /// it has shown something.
    /// </summary>
    /// <param name="plan">What is known of the batch's lives.</param>
    /// <param name="underWay">The tasks that are waited for.</param>
    /// <param name="upstream">Where jobs of the batch still wait to be submitted, or null.</param>
    /// <param name="now">The time.</param>
    public static (TimeSpan Ended, TimeSpan? Submitted)? From(PollPlan plan, IEnumerable<WaitingTask> underWay, BatchProgress? upstream, TimeSpan now)
    {
        if (plan.LivesOf(null) is not { } all)
        {
            return null;
        }

        int count = 0;
        CompletionForecast forecast = new();
        Dictionary<string, Survival> known = new(StringComparer.Ordinal);
        foreach (WaitingTask waiting in underWay)
        {
            string scene = waiting.Task.Scene ?? "";
            if (!known.TryGetValue(scene, out Survival? lives))
            {
                known[scene] = lives = plan.LivesOf(scene) ?? all;
            }

            int age = (int)Math.Round(Math.Log(1 + PollPlan.Age(waiting, now)) / Math.Log(Grain));
            forecast.Add((lives, age), 1);
            count++;
        }

        int? slots = upstream?.HeldBy?.Id == KlingErrorId.RateLimited ? count : null;
        TimeSpan ended = TimeSpan.FromSeconds(forecast.Left(upstream?.Open ?? 0, slots, all));
        return (ended, forecast._untilSubmitted is { } submitted ? TimeSpan.FromSeconds(submitted) : null);
    }

    private void Add((Survival, int) group, int tasks) => _underWay[group] = tasks + (_underWay.TryGetValue(group, out int count) ? count : 0);

    // How many seconds until the last has ended, with jobs that are not submitted yet, and that wait for one of so many slots where that is known.
    private double Left(long jobs, int? slots, Survival lives)
    {
        if (jobs == 0)
        {
            return UntilAllEnded();
        }

        if (slots is not { } limit)
        {
            Add((lives, 0), (int)jobs);
            return UntilAllEnded();
        }

        // Each slot is free once its task has ended: so many whole rounds, and the rest of this one.
        int most = Math.Max(1, limit);
        long rounds = (jobs - 1) / most;
        long last = jobs - (rounds * most);
        double submitted = (rounds * lives.MeanLife) + Until(seconds => _underWay.Sum(group => group.Value * Ended(group.Key, seconds)) >= Math.Min(last, 0.98 * most));
        _untilSubmitted = submitted;
        CompletionForecast fresh = new();
        fresh.Add((lives, 0), (int)last);
        return Math.Max(UntilAllEnded(), submitted + fresh.UntilAllEnded());
    }

    private double UntilAllEnded() => _underWay.Count == 0 ? 0
        : Until(seconds => _underWay.Sum(group => group.Value * Math.Log(Ended(group.Key, seconds))) >= Math.Log(0.5));

    private static double Ended((Survival Lives, int Age) group, double seconds) => group.Lives.EndedAfter(Math.Pow(Grain, group.Age) - 1, seconds);

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
}
