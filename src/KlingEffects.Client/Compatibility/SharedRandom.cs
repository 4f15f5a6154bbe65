namespace KlingEffects;

/// <summary>A source of chance for several threads.</summary>
internal static class SharedRandom
{
#if NETSTANDARD2_0
    public static readonly Random Instance = new PerThread();

    private sealed class PerThread : Random
    {
        [ThreadStatic]
        private static Random? t_source;

        public override double NextDouble() => (t_source ??= new Random(Guid.NewGuid().GetHashCode())).NextDouble();
    }
#else
    public static readonly Random Instance = Random.Shared;
#endif
}
