namespace KlingEffects;

/// <summary>Numbers and times for people, in any culture.</summary>
internal static class Figures
{
    /// <summary>A span such as <c>42 s</c>, <c>2 min 14 s</c>, <c>1 h 5 min</c>, <c>3 d 4 h</c>.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => FormattableString.Invariant($"{(int)span.TotalSeconds} s"),
        { TotalHours: < 1 } => FormattableString.Invariant($"{span.Minutes} min {span.Seconds} s"),
        { TotalDays: < 1 } => FormattableString.Invariant($"{span.Hours} h {span.Minutes} min"),
        _ => FormattableString.Invariant($"{(int)span.TotalDays} d {span.Hours} h"),
    };

    public static string Amount(decimal amount) => amount.ToString("0.####", CultureInfo.InvariantCulture);

    public static string Number(int count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Count(int count, string one, string many) => $"{Number(count)} {(count == 1 ? one : many)}";

    public static string Jobs(int count) => Count(count, "job", "jobs");
}
