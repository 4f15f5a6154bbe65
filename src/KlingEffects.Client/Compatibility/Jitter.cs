namespace KlingEffects.Http;

/// <summary>Randomness that spreads out what would otherwise happen at once.</summary>
internal static class Jitter
{
#if NETSTANDARD2_0
    private static readonly ThreadLocal<Random> Source = new(static () => new Random(Guid.NewGuid().GetHashCode()));

    private static double Next() => Source.Value!.NextDouble();
#else
    private static double Next() => Random.Shared.NextDouble();
#endif

    public static double Between(double low, double high) => low + ((high - low) * Next());
}
