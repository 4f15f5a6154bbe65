namespace KlingEffects;

/// <summary>Converts a server's times to our clock, by its <c>Date</c> header.</summary>
internal static class ServerClock
{
    /// <summary>How far the server's clock is ahead; null if it shows a year that it can't be, however wrong our own clock is.</summary>
    public static TimeSpan? Ahead(DateTimeOffset? date, TimeSpan? age, DateTimeOffset now)
    {
        TimeSpan? ahead = date is { Year: >= 2026 and < 2100 } told ? told - now + (age ?? TimeSpan.Zero) : null;
        return ahead?.Duration() < Policy.ServerClockGrain ? TimeSpan.Zero : ahead;
    }

    public static DateTimeOffset ToLocal(DateTimeOffset told, TimeSpan ahead) =>
        ahead < TimeSpan.Zero ? (told > DateTimeOffset.MaxValue + ahead ? told : told - ahead)
            : told < DateTimeOffset.MinValue + ahead ? told
            : told - ahead;
}
