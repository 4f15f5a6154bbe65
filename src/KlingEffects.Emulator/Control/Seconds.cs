using System.Globalization;

namespace KlingEffects.Emulator.Control;

/// <summary>Times as the emulator's user gives them.</summary>
internal static class Seconds
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <exception cref="FormatException">Negative, no number, or longer than ten years.</exception>
    public static TimeSpan ToTime(double seconds) => seconds >= 0 && seconds <= Longest.TotalSeconds
        ? TimeSpan.FromSeconds(seconds)
        : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{seconds} is no length of time in seconds, from 0 to ten years."));

    /// <exception cref="FormatException">No number, or more than ten years.</exception>
    public static TimeSpan ToOffset(double seconds) => seconds < 0 ? -ToTime(-seconds) : ToTime(seconds);
}
