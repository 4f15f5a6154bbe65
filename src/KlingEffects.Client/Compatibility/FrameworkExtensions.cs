namespace KlingEffects;

/// <summary>What one of the two frameworks lacks.</summary>
internal static class FrameworkExtensions
{
#if NETSTANDARD2_0
    public static Task<Stream> ReadAsStreamAsync(this HttpContent content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return content.ReadAsStreamAsync();
    }

    public static bool Contains(this string text, string value, StringComparison comparison) => text.IndexOf(value, comparison) >= 0;
#else
    /// <summary>As Microsoft.Bcl.TimeProvider has it.</summary>
    public static Task Delay(this TimeProvider time, TimeSpan delay, CancellationToken cancellationToken) =>
        Task.Delay(delay, time, cancellationToken);
#endif
}
