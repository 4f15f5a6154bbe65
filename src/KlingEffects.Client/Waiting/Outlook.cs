namespace KlingEffects.Waiting;

/// <summary>When the last task of a batch is likely to have ended: in half of all cases sooner, in half later.</summary>
internal sealed class Outlook
{
    private const double Grain = 1.02;
    private const double Longest = 10 * 24 * 3600;

    private readonly Dictionary<(Survival Lives, int Age), int> _underWay = [];

    /// <summary>How many seconds until the last job is submitted, once <see cref="Left"/> was asked; null where none waits for a slot.</summary>
    public double? UntilSubmitted { get; private set; }

    /// <summary>A task is under way.</summary>
    /// <param name="lives">How tasks of its kind end.</param>
    /// <param name="age">Its age in seconds.</param>
    public void Add(Survival lives, double age)
    {
        (Survival, int) group = (lives, (int)Math.Round(Math.Log(1 + age) / Math.Log(Grain)));
        _underWay[group] = (_underWay.TryGetValue(group, out int count) ? count : 0) + 1;
    }

    /// <summary>How many seconds until the last has ended, with jobs that are not submitted yet.</summary>
    /// <param name="jobs">How many these are.</param>
    /// <param name="slots">How many tasks the account lets be under way at once, where that is what these jobs wait for; else null.</param>
    /// <param name="lives">How their tasks will end.</param>
    public double Left(long jobs, int? slots, Survival lives)
    {
        if (jobs == 0)
        {
            return UntilAllEnded();
        }

        if (slots is not { } limit)
        {
            _underWay[(lives, 0)] = (int)jobs + (_underWay.TryGetValue((lives, 0), out int young) ? young : 0);
            return UntilAllEnded();
        }

        // Each slot is free once its task has ended: so many whole rounds, and the rest of this one.
        int most = Math.Max(1, limit);
        long rounds = (jobs - 1) / most;
        long last = jobs - (rounds * most);
        double submitted = (rounds * lives.MeanLife) + Until(seconds => _underWay.Sum(group => group.Value * Ended(group.Key, seconds)) >= Math.Min(last, 0.98 * most));
        UntilSubmitted = submitted;
        Outlook fresh = new();
        fresh._underWay[(lives, 0)] = (int)last;
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
