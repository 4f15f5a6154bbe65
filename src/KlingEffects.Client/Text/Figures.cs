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

    /// <summary>A span in one unit, rounded up: <c>45 s</c>, <c>12 min</c>, <c>3.5 h</c>.</summary>
    public static string RoughSpan(TimeSpan span) =>
        span < TimeSpan.FromSeconds(90) ? FormattableString.Invariant($"{Math.Ceiling(span.TotalSeconds):0} s")
        : span < TimeSpan.FromMinutes(120) ? FormattableString.Invariant($"{Math.Ceiling(span.TotalMinutes):0} min")
        : FormattableString.Invariant($"{Math.Ceiling(span.TotalHours * 10) / 10:0.#} h");

    public static string Amount(decimal amount) => amount.ToString("0.####", CultureInfo.InvariantCulture);

    public static string Number(int count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Count(int count, string one, string many) => $"{Number(count)} {(count == 1 ? one : many)}";

    public static string Jobs(int count) => Count(count, "job", "jobs");
}
