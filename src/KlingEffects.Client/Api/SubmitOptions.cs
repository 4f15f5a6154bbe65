namespace KlingEffects.Api;

/// <summary>How a submit is repeated.</summary>
internal sealed record SubmitOptions
{
    /// <summary>How long to go on while nothing was created, counted anew whenever the account takes a job; null for ever.</summary>
    public TimeSpan? Timeout { get; init; } = Policy.SubmitTime;

    /// <summary>How long to go on while a limit lets no job of the batch through at all; null for <see cref="Timeout"/>.</summary>
    public TimeSpan? StandstillTime { get; init; } = Policy.StandstillTime;

    /// <summary>How many jobs may be submitted that have no task yet; null for all of them.</summary>
    public int? MaxJobs { get; init; }

    public int ThrottleLimit { get; init; } = int.MaxValue;

    /// <summary>How long to go on while the API can't be reached at all.</summary>
    public TimeSpan UnreachableTime { get; init; } = Policy.UnreachableTime;

    /// <summary>For the time that a user gave, of which a standstill is no exception: zero for ever, null for the usual ones.</summary>
    public static SubmitOptions For(TimeSpan? given) =>
        given is { } time ? new() { Timeout = time == TimeSpan.Zero ? null : time, StandstillTime = null } : new();
}
