namespace KlingEffects;

/// <summary>Converts a server's times to our clock, by its <c>Date</c> header.</summary>
internal static class ServerClock
{
    /// <summary>How far the server's clock is ahead; zero if unknown or equal.</summary>
    public static TimeSpan Ahead(DateTimeOffset? date, TimeSpan? age, DateTimeOffset now)
    {
        TimeSpan ahead = (date - now + (age ?? TimeSpan.Zero)) ?? TimeSpan.Zero;
        return ahead.Duration() < Policy.ServerClockGrain || ahead.Duration() > Policy.FurthestServerClock ? TimeSpan.Zero : ahead;
    }

    public static DateTimeOffset ToLocal(DateTimeOffset told, TimeSpan ahead) =>
        ahead < TimeSpan.Zero ? (told > DateTimeOffset.MaxValue + ahead ? told : told - ahead)
            : told < DateTimeOffset.MinValue + ahead ? told
            : told - ahead;
}
