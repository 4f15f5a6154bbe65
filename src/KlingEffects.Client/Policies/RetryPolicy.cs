namespace KlingEffects.Policies;

/// <summary>When a failed call is repeated. The values are in <see cref="Policy"/>.</summary>
internal sealed record RetryPolicy
{
    /// <summary>The delay after the first failure; it doubles with each further one.</summary>
    public required TimeSpan BaseDelay { get; init; }

    /// <summary>The longest own delay. A server may ask for more, up to <see cref="Policy.LongestRetryAfter"/>.</summary>
    public required TimeSpan MaxDelay { get; init; }

    /// <summary>The part by which a delay varies at random.</summary>
    public double Jitter { get; init; } = 0.25;

    /// <summary>The most attempts; null for no limit.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>How long attempts may fail; null for no limit.</summary>
    public TimeSpan? MaxElapsed { get; init; }

    /// <summary>Whether no delay may end after <see cref="MaxElapsed"/>, even if a server asks for it.</summary>
    public bool IsStrict { get; init; }

    public static RetryPolicy Every(TimeSpan delay) => new() { BaseDelay = delay, MaxDelay = delay, Jitter = 0 };

    /// <summary>The delay before the next attempt; null to give up.</summary>
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

    /// <summary>The delay, doubling with jitter, or as long as the server asks.</summary>
    public TimeSpan Pause(int failures, TimeSpan? retryAfter, Random random)
    {
        const int MostDoublings = 16;
        double doubled = BaseDelay.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, MostDoublings));
        TimeSpan own = TimeSpan.FromMilliseconds(random.Around(Math.Min(doubled, MaxDelay.TotalMilliseconds), Jitter));
        TimeSpan asked = retryAfter > Policy.LongestRetryAfter ? Policy.LongestRetryAfter : retryAfter ?? TimeSpan.Zero;
        return asked > own ? asked : own;
    }

    public bool IsOver(TimeSpan elapsed) => elapsed >= MaxElapsed;
}

internal static class RandomExtensions
{
    public static double Around(this Random random, double value, double jitter) =>
        value * (1 - jitter + (2 * jitter * random.NextDouble()));
}
