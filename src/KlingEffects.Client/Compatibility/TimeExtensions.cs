#if !NETSTANDARD2_0
namespace KlingEffects;

internal static class TimeExtensions
{
    /// <summary>As Microsoft.Bcl.TimeProvider has it.</summary>
    public static Task Delay(this TimeProvider time, TimeSpan delay, CancellationToken cancellationToken) => Task.Delay(delay, time, cancellationToken);
}
#endif
