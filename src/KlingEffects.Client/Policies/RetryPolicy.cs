namespace KlingEffects.Policies;

/// <summary>When a call that failed is made again, and when no more. The values stand in <see cref="Policy"/>.</summary>
internal sealed record RetryPolicy
{
    /// <summary>The delay after the first failure; it doubles with each further one.</summary>
    public required TimeSpan BaseDelay { get; init; }

    /// <summary>The longest of its own choosing. A server may ask for more, up to <see cref="Policy.LongestRetryAfter"/>.</summary>
    public required TimeSpan MaxDelay { get; init; }

    /// <summary>By which part a delay is longer or shorter at random, so that what failed together does not come again together.</summary>
    public double Jitter { get; init; } = 0.25;

    /// <summary>After how many attempts in a row that failed no more is made; null for no such bound.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>How long every attempt may fail before no more is made; null for no such bound.</summary>
    public TimeSpan? MaxElapsed { get; init; }

    /// <summary>Whether no delay ends after <see cref="MaxElapsed"/>, even where a server asks for one: somebody is looking on.</summary>
    public bool IsStrict { get; init; }

    public static RetryPolicy Every(TimeSpan delay) => new() { BaseDelay = delay, MaxDelay = delay, Jitter = 0 };

    /// <summary>The delay before the next attempt; null where there is none.</summary>
    public TimeSpan? NextDelay(int failures, TimeSpan elapsed, TimeSpan? retryAfter, Random random)
    {
        TimeSpan? left = IsStrict ? MaxElapsed - elapsed : null;
        if (failures >= MaxAttempts || IsOver(elapsed) || retryAfter > left)
        {
            return null;
        }

        TimeSpan delay = Pause(failures, retryAfter, random);
        return delay > left ? left : delay;
    }

    /// <summary>The delay: doubling, with jitter; as long as the server asks, up to <see cref="Policy.LongestRetryAfter"/>.</summary>
    public TimeSpan Pause(int failures, TimeSpan? retryAfter, Random random)
    {
        const int MostDoublings = 16;
        double doubled = BaseDelay.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, MostDoublings));
        TimeSpan own = TimeSpan.FromMilliseconds(random.Around(Math.Min(doubled, MaxDelay.TotalMilliseconds), Jitter));
        TimeSpan asked = retryAfter > Policy.LongestRetryAfter ? Policy.LongestRetryAfter : retryAfter ?? TimeSpan.Zero;
        return asked > own ? asked : own;
    }

    /// <summary>Whether what has failed for so long has failed for long enough.</summary>
    public bool IsOver(TimeSpan elapsed) => elapsed >= MaxElapsed;
}

internal static class RandomExtensions
{
    /// <summary>A value up to so large a part of it above or below.</summary>
    public static double Around(this Random random, double value, double jitter) =>
        value * (1 - jitter + (2 * jitter * random.NextDouble()));
}
