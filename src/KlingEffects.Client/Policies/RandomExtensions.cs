namespace KlingEffects.Policies;

/// <summary>Spreads out at random what would otherwise happen at once.</summary>
internal static class RandomExtensions
{
    /// <summary>A value up to so large a part of it above or below.</summary>
    /// <param name="random">The source of chance.</param>
    /// <param name="value">The middle.</param>
    /// <param name="jitter">The part, from 0 to 1.</param>
    public static double Around(this Random random, double value, double jitter) =>
        jitter == 0 ? value : value * (1 - jitter + (2 * jitter * random.NextDouble()));
}
