namespace KlingEffects;

/// <summary>Compares a server's times with ours: by how far its clock, which its <c>Date</c> shows, is ahead.</summary>
internal static class ServerClock
{
    /// <summary>How far it is ahead by a <c>Date</c> of such an age; zero where it does not tell, or is the same as ours.</summary>
    public static TimeSpan Ahead(DateTimeOffset? date, TimeSpan? age, DateTimeOffset now)
    {
        TimeSpan ahead = (date - now + (age ?? TimeSpan.Zero)) ?? TimeSpan.Zero;
        return ahead.Duration() < Policy.ServerClockGrain || ahead.Duration() > Policy.FurthestServerClock ? TimeSpan.Zero : ahead;
    }

    /// <summary>The moment of the server's clock as our own shows it.</summary>
    public static DateTimeOffset ToLocal(DateTimeOffset told, TimeSpan ahead) =>
        ahead < TimeSpan.Zero ? (told > DateTimeOffset.MaxValue + ahead ? told : told - ahead)
            : told < DateTimeOffset.MinValue + ahead ? told
            : told - ahead;
}
