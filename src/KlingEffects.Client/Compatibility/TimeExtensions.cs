namespace KlingEffects;

/// <summary>Waiting by a clock that tests can drive.</summary>
internal static class TimeExtensions
{
    public static Task WaitAsync(this TimeProvider time, TimeSpan delay, CancellationToken cancellationToken) =>
#if NETSTANDARD2_0
        time.Delay(delay, cancellationToken);
#else
        Task.Delay(delay, time, cancellationToken);
#endif
}
