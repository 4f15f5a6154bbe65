namespace KlingEffects.Waiting;

internal sealed record WaitOptions
{
    /// <summary>For each task, from its arrival; null for ever.</summary>
    public TimeSpan? Timeout { get; init => field = Policy.Limit(value); } = Policy.WaitTime;

    /// <summary>The fixed interval of each task's polls; null to choose from what the batch shows.</summary>
    public TimeSpan? PollInterval { get; init; }

    public int ThrottleLimit { get; init; } = Policy.PollsAtOnce;

    /// <summary>The limit of polls a second; for chosen intervals only.</summary>
    public double MostPollsPerSecond { get; init; } = Policy.MostPollsPerSecond;
}
