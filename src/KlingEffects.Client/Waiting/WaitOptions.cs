namespace KlingEffects.Waiting;

/// <summary>How tasks are waited for.</summary>
internal sealed record WaitOptions
{
    public static readonly WaitOptions Default = new();

    /// <summary>How long to wait before asking again for a task that is not known yet.</summary>
    public static readonly TimeSpan NewTaskPause = TimeSpan.FromSeconds(2);

    /// <summary>For each task, from its arrival; null for ever.</summary>
    public TimeSpan? Timeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The fixed interval of each task's polls; null to choose from what the batch shows.</summary>
    public TimeSpan? PollInterval { get; init; }

    /// <summary>How many polls may be under way at once.</summary>
    public int ThrottleLimit { get; init; } = 32;

    /// <summary>The bound on polls a second, whatever the number of tasks; for chosen intervals only.</summary>
    public double MostPollsPerSecond { get; init; } = 20;

    /// <summary>After a submit, for how long "no such task" means "not yet".</summary>
    public TimeSpan NewTaskGrace { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>After a task succeeded, for how long its URL may still be missing.</summary>
    public TimeSpan MissingUrlGrace { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a task's polls may all fail before it is given up.</summary>
    public TimeSpan FailureGrace { get; init; } = TimeSpan.FromMinutes(5);
}
