namespace KlingEffects.Journal;

/// <summary>
/// Where submits are written down before they leave and after they are answered: a journal, or else the ledger. A journal that can't be
/// written throws JournalInvalid.
/// </summary>
internal interface IJobLog
{
    /// <summary>
    /// Writes that the job is about to be submitted. Nothing may be sent before the task has ended well. That an uncertain job is retried
    /// holds for repeats of the submit while it is refused, until the log is closed or the job is uncertain anew.
    /// </summary>
    /// <exception cref="KlingException">SubmitUncertain: it may have been accepted.</exception>
    /// <exception cref="InvalidOperationException">The job has a task, or is being submitted.</exception>
    Task SubmittingAsync(string key, SubmitAttempt attempt);

    /// <summary>Writes the task that a job was given, or that a look-up found. To be awaited before the task is told of.</summary>
    /// <exception cref="ArgumentException">The task has no id.</exception>
    Task AcceptedAsync(string key, KlingTask task, bool found = false);

    /// <summary>Writes that the submit created nothing, so that the job may be submitted again. One that was uncertain before
    /// is so again, for a refusal tells nothing of the earlier submit; one that is not being submitted stays as it is.</summary>
    Task RefusedAsync(string key, KlingException why);

    Task UncertainAsync(string key, KlingException why);
}

/// <summary>One submit of a job, as it is about to be sent.</summary>
internal sealed record SubmitAttempt(EffectJob Job)
{
    /// <summary>Which attempt it is, from 1: the next one only for a job whose task failed.</summary>
    public int Number { get; init; } = 1;

    /// <summary>Submits a job again that may have been accepted before.</summary>
    public bool RetryUncertain { get; init; }

    /// <summary>The start of each image's digest, where they are known.</summary>
    public string[]? Digests { get; init; }
}
