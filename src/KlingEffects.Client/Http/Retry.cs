namespace KlingEffects.Http;

/// <summary>Makes a call again until its outcome is one to keep, or the policy has enough. A poll comes again by its queue.</summary>
internal sealed record Retry<T>(RetryPolicy Policy, TimeProvider Time, Random Random)
{
    public required Func<T, bool> ShouldHandle { get; init; }
    public Func<T, TimeSpan?> RetryAfter { get; init; } = static _ => null;

    /// <summary>Told before each delay, with its length.</summary>
    public Action<T, TimeSpan> OnRetry { get; init; } = static (_, _) => { };

    public async Task<T> RunAsync(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        long? since = null;
        for (int failures = 1; ; failures++)
        {
            T outcome = await call().ConfigureAwait(false);
            TimeSpan elapsed = Time.GetElapsedTime(since ??= Time.GetTimestamp());
            if (!ShouldHandle(outcome) || Policy.NextDelay(failures, elapsed, RetryAfter(outcome), Random) is not { } delay)
            {
                return outcome;
            }

            OnRetry(outcome, delay);
            await Time.Delay(delay, cancellationToken).ConfigureAwait(false);
        }
    }
}

/// <summary>How long a server asks to be left alone (RFC 9110, section 10.2.3).</summary>
internal static class RetryAfter
{
    /// <summary>The wait from now, or null where none is asked for. A date is read against the server's own.</summary>
    public static TimeSpan? From(HttpResponseHeaders headers, TimeProvider time)
    {
        TimeSpan? wait = headers.RetryAfter?.Delta ?? (headers.RetryAfter?.Date - (headers.Date ?? time.GetUtcNow()));
        return wait > TimeSpan.Zero ? wait : null;
    }
}
