namespace KlingEffects.Journal;

/// <summary>Where submits are written down before they leave and after they are answered: a journal, or else the ledger.</summary>
internal interface IJobLog
{
    /// <summary>Writes that the job is about to be submitted. Nothing may be sent before the task has ended well.</summary>
    /// <remarks>That an uncertain job is retried holds for repeats of the submit while it is refused, until the log is closed or the job
    /// is uncertain anew.</remarks>
    /// <exception cref="KlingException">SubmitUncertain: it may have been accepted. JournalInvalid: it can't be written.</exception>
    /// <exception cref="InvalidOperationException">The job has a task, or is being submitted.</exception>
    Task SubmittingAsync(string key, SubmitAttempt attempt);

    /// <summary>Writes the task that a job was given, or that a look-up found. To be awaited before the task is told of.</summary>
    /// <exception cref="ArgumentException">The task has no id.</exception>
    /// <exception cref="KlingException">JournalInvalid: it can't be written.</exception>
    Task AcceptedAsync(string key, KlingTask task, bool found = false);

    /// <summary>Writes that the submit created nothing, so that the job may be submitted again. One that was uncertain before
    /// is so again, for a refusal tells nothing of the earlier submit; one that is not being submitted stays as it is.</summary>
    /// <exception cref="KlingException">JournalInvalid: it can't be written.</exception>
    Task RefusedAsync(string key, KlingException why);

    /// <summary>Writes that the submit may or may not have been accepted.</summary>
    /// <exception cref="KlingException">JournalInvalid: it can't be written.</exception>
    Task UncertainAsync(string key, KlingException why);
}
