namespace KlingEffects.Http;

/// <summary>Repeats a call until its outcome needs no retry, or the policy gives up. Polls are rescheduled by PollPlan instead.</summary>
internal sealed record Retry<T>(RetryPolicy Policy, TimeProvider Time, Random Random)
{
    public required Func<T, bool> ShouldHandle { get; init; }
    public Func<T, TimeSpan?> RetryAfter { get; init; } = static _ => null;
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

/// <summary>Reads the Retry-After header (RFC 9110, section 10.2.3).</summary>
internal static class RetryAfter
{
    /// <summary>The delay from now, or null. A date is compared with the server's own clock.</summary>
    public static TimeSpan? From(HttpResponseHeaders headers, TimeProvider time)
    {
        TimeSpan? wait = headers.RetryAfter?.Delta ?? (headers.RetryAfter?.Date - (headers.Date ?? time.GetUtcNow()));
        return wait > TimeSpan.Zero ? wait : null;
    }
}
