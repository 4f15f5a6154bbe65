namespace KlingEffects.Policies;

/// <summary>How one kind of request is repeated. The values stand in <see cref="Policy"/>; whoever repeats asks here and decides nothing.</summary>
internal sealed record RetryPolicy
{
    /// <summary>The pause after the first failure; it doubles with each further one.</summary>
    public required TimeSpan FirstPause { get; init; }

    /// <summary>The longest pause of its own choosing. A server may ask for a longer one.</summary>
    public required TimeSpan LongestPause { get; init; }

    /// <summary>By which part a pause is longer or shorter at random, so that what failed together does not come again together.</summary>
    public double Spread { get; init; } = 0.25;

    /// <summary>After how many failures in a row no more is tried; null for no such bound.</summary>
    public int? MostFailures { get; init; }

    /// <summary>How long every try may fail before no more is tried; null for no such bound.</summary>
    public TimeSpan? Grace { get; init; }

    /// <summary>The same pause each time.</summary>
    public static RetryPolicy Every(TimeSpan pause) => new() { FirstPause = pause, LongestPause = pause, Spread = 0 };

    /// <summary>How long to wait before the next try: doubling, with jitter, and never less than the server asks.</summary>
    /// <param name="failures">How many tries have failed, from 1.</param>
    /// <param name="retryAfter">What the server asked for, or null.</param>
    /// <param name="random">The source of the jitter.</param>
    public TimeSpan Pause(int failures, TimeSpan? retryAfter, Random random)
    {
        const int MostDoublings = 16;
        double doubled = FirstPause.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, MostDoublings));
        double bounded = Math.Min(doubled, LongestPause.TotalMilliseconds);
        TimeSpan own = TimeSpan.FromMilliseconds(Jitter.Around(bounded, Spread, random));
        TimeSpan asked = retryAfter < Policy.LongestRetryAfter ? retryAfter.Value : retryAfter is null ? TimeSpan.Zero : Policy.LongestRetryAfter;
        return asked > own ? asked : own;
    }

    /// <summary>Whether so many failures in a row are enough.</summary>
    public bool IsExhausted(int failures) => failures >= MostFailures;

    /// <summary>Whether what has failed since then has failed for long enough; false where nothing has.</summary>
    public bool IsOver(DateTimeOffset? since, DateTimeOffset now) => now - since >= Grace;
}
