namespace KlingEffects.Http;

/// <summary>How long to wait before the next try: doubling, with jitter, and never less than the server asks.</summary>
internal static class Backoff
{
    private static readonly TimeSpan LongestObeyed = TimeSpan.FromMinutes(10);

    /// <param name="attempt">How many tries have failed, from 1.</param>
    /// <param name="first">The wait after the first failure.</param>
    /// <param name="longest">The longest wait of its own choosing.</param>
    /// <param name="retryAfter">What the server asked for, or null.</param>
    public static TimeSpan Delay(int attempt, TimeSpan first, TimeSpan longest, TimeSpan? retryAfter)
    {
        double doubled = first.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 16));
        double bounded = Math.Min(doubled, longest.TotalMilliseconds);
        TimeSpan wait = TimeSpan.FromMilliseconds(bounded * Jitter.Between(0.75, 1.25));
        return retryAfter is { } asked && asked > wait ? (asked < LongestObeyed ? asked : LongestObeyed) : wait;
    }
}
