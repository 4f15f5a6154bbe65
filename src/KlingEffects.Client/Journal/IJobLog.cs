namespace KlingEffects.Journal;

/// <summary>Records submits before they are sent and after they are answered, in a journal or the ledger.</summary>
internal interface IJobLog
{
    /// <summary>Records that the job is about to be submitted; nothing may be sent before this completes. A retry of an uncertain job may
    /// be repeated while it is refused, until the log is closed or the job becomes uncertain again.</summary>
    /// <exception cref="KlingException">SubmitUncertain: it may have been accepted.</exception>
    /// <exception cref="InvalidOperationException">The job has a task, or is being submitted.</exception>
    Task SubmittingAsync(string key, SubmitAttempt attempt);

    /// <summary>Records the job's task, new or found by a query. Await this before the task is reported.</summary>
    /// <exception cref="ArgumentException">The task has no id.</exception>
    Task AcceptedAsync(string key, KlingTask task, bool found = false);

    /// <summary>Records that the submit created nothing, so that the job may be submitted again. A job that was uncertain before stays
    /// uncertain, since the refusal says nothing about the earlier submit; one that is not being submitted does not change.</summary>
    Task RefusedAsync(string key, KlingException why);

    Task UncertainAsync(string key, KlingException why);
}

internal sealed record SubmitAttempt(EffectJob Job)
{
    /// <summary>The number of the attempt, from 1. It increases only after the job's task failed.</summary>
    public int Number { get; init; } = 1;

    public bool RetryUncertain { get; init; }

    /// <summary>The start of each image's digest; null if not known.</summary>
    public string[]? Digests { get; init; }
}
