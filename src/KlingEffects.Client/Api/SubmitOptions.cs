namespace KlingEffects.Api;

/// <summary>How long submits are retried, and how many run at once.</summary>
internal sealed record SubmitOptions
{
    /// <summary>How long to retry while nothing is created, restarted whenever the account accepts a job; null for ever.</summary>
    public TimeSpan? Timeout { get; init => field = Policy.Limit(value); } = Policy.SubmitTime;

    /// <summary>How long to retry while a limit lets no job of the batch through at all; null for <see cref="Timeout"/>.</summary>
    public TimeSpan? StandstillTime { get; init; } = Policy.StandstillTime;

    /// <summary>How many jobs may be submitted that have no task yet; null for all of them.</summary>
    public int? MaxJobs { get; init; }

    public int ThrottleLimit { get; init; } = int.MaxValue;
    public TimeSpan UnreachableTime { get; init; } = Policy.UnreachableTime;

    /// <summary>The options for a user's timeout, which also bounds a standstill: zero for no limit, null for the defaults.</summary>
    public static SubmitOptions For(TimeSpan? given) =>
        given is { } time ? new() { Timeout = time == TimeSpan.Zero ? null : time, StandstillTime = null } : new();
}
