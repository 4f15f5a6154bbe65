namespace KlingEffects.Waiting;

/// <summary>How tasks are waited for.</summary>
internal sealed record WaitOptions
{
    /// <summary>For each task, from its arrival; null for ever.</summary>
    public TimeSpan? Timeout { get; init; } = Policy.WaitTime;

    /// <summary>The fixed interval of each task's polls; null to choose from what the batch shows.</summary>
    public TimeSpan? PollInterval { get; init; }

    /// <summary>How many polls may be under way at once.</summary>
    public int ThrottleLimit { get; init; } = 32;

    /// <summary>The bound on polls a second that no server's speed lifts; for chosen intervals only.</summary>
    public double MostPollsPerSecond { get; init; } = Policy.MostPollsPerSecond;

    /// <summary>After a submit, for how long "no such task" means "not yet", and when to ask again.</summary>
    public RetryPolicy NewTask { get; init; } = Policy.NewTask;

    /// <summary>After a task succeeded, for how long its URL may still be missing, and when to ask again.</summary>
    public RetryPolicy MissingUrl { get; init; } = Policy.MissingUrl;

    /// <summary>How long a task's polls may all fail before it is given up, and when to ask again.</summary>
    public RetryPolicy Failing { get; init; } = Policy.Poll;

    /// <summary>How often a poll may end in what nobody foresaw before its task is given up.</summary>
    public RetryPolicy Defects { get; init; } = Policy.Poll with { MaxAttempts = 3 };
}
