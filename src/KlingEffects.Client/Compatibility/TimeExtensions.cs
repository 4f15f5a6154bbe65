namespace KlingEffects;

/// <summary>Waiting by a clock that tests can drive.</summary>
internal static class TimeExtensions
{
#if !NETSTANDARD2_0
    /// <summary>As Microsoft.Bcl.TimeProvider has it.</summary>
    public static Task Delay(this TimeProvider time, TimeSpan delay, CancellationToken cancellationToken) => Task.Delay(delay, time, cancellationToken);
#endif

    public static Task WaitAsync(this TimeProvider time, TimeSpan delay, CancellationToken cancellationToken) => time.Delay(delay, cancellationToken);
}
