using KlingEffects.Batches;

namespace KlingEffects.Waiting;

/// <summary>When a batch will have ended, by what it has shown; null until it has shown something.</summary>
internal static class TimeLeft
{
    /// <param name="plan">What is known of the batch's lives.</param>
    /// <param name="underWay">The tasks that are waited for.</param>
    /// <param name="upstream">Where jobs of the batch still wait to be submitted, or null.</param>
    /// <param name="now">The time.</param>
    /// <returns>How long until the last task has ended, and until the last job that waits for a slot is submitted.</returns>
    public static (TimeSpan Ended, TimeSpan? Submitted)? Of(PollPlan plan, IEnumerable<WaitingTask> underWay, BatchProgress? upstream, TimeSpan now)
    {
        long jobs = upstream?.Open ?? 0;
        if (plan.LivesOf(null) is not { } all)
        {
            return null;
        }

        int count = 0;
        Outlook outlook = new();
        Dictionary<string, Survival> known = new(StringComparer.Ordinal);
        foreach (WaitingTask waiting in underWay)
        {
            string scene = waiting.Task.Scene ?? "";
            if (!known.TryGetValue(scene, out Survival? lives))
            {
                known[scene] = lives = plan.LivesOf(scene) ?? all;
            }

            outlook.Add(lives, PollPlan.Age(waiting, now));
            count++;
        }

        int? slots = upstream?.HeldBy?.Id == KlingErrorId.RateLimited ? count : null;
        TimeSpan ended = TimeSpan.FromSeconds(outlook.Left(jobs, slots, all));
        return (ended, outlook.UntilSubmitted is { } submitted ? TimeSpan.FromSeconds(submitted) : null);
    }
}
