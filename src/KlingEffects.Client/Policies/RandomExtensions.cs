namespace KlingEffects.Policies;

/// <summary>Spreads out at random what would otherwise happen at once.</summary>
internal static class Jitter
{
    /// <summary>A value up to so large a part of it above or below.</summary>
    /// <param name="value">The middle.</param>
    /// <param name="spread">The part, from 0 to 1.</param>
    /// <param name="random">The source of chance.</param>
    public static double Around(double value, double spread, Random random) =>
        spread == 0 ? value : value * (1 - spread + (2 * spread * random.NextDouble()));
}
