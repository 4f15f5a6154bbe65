namespace KlingEffects;

/// <summary>Compares a server's times with ours: by how far its clock, which its <c>Date</c> shows, is ahead.</summary>
internal static class ServerClock
{
    /// <summary>How far it is ahead; zero where it does not tell, or shows the same time as ours.</summary>
    /// <param name="date">Its <c>Date</c>.</param>
    /// <param name="age">How long ago that was, where a cache tells.</param>
    /// <param name="now">Our own time when it came.</param>
    public static TimeSpan Ahead(DateTimeOffset? date, TimeSpan? age, DateTimeOffset now)
    {
        TimeSpan ahead = (date - now + (age ?? TimeSpan.Zero)) ?? TimeSpan.Zero;
        return ahead.Duration() < Policy.ServerClockGrain || ahead.Duration() > Policy.FurthestServerClock ? TimeSpan.Zero : ahead;
    }

    /// <summary>The moment of the server's clock as our own shows it.</summary>
    public static DateTimeOffset ToLocal(DateTimeOffset told, TimeSpan ahead) =>
        (ahead < TimeSpan.Zero && told > DateTimeOffset.MaxValue + ahead) || (ahead > TimeSpan.Zero && told < DateTimeOffset.MinValue + ahead)
            ? told
            : told - ahead;
}
