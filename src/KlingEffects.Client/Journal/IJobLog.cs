namespace KlingEffects.Journal;

/// <summary>Where submits are written down before they leave and after they are answered: a journal, or the ledger where none is given.</summary>
internal interface IJobLog
{
    /// <summary>Writes that the job is about to be submitted. Nothing may be sent before the task has ended well.</summary>
    /// <param name="key">What the job is known by.</param>
    /// <param name="attempt">The job as it will be sent, with its external id. That an uncertain one is retried holds for repeats of the
    /// submit while it is refused, until the log is closed or the job is uncertain anew.</param>
    /// <exception cref="KlingException">SubmitUncertain: it may have been accepted. JournalInvalid: the journal can't be written.</exception>
    /// <exception cref="InvalidOperationException">The job has a task, or is being submitted.</exception>
    Task SubmittingAsync(string key, SubmitAttempt attempt);

    /// <summary>Writes the task that a job was given. To be awaited before the task is told of.</summary>
    /// <param name="key">What the job is known by.</param>
    /// <param name="task">The task.</param>
    /// <param name="found">Whether a look-up found it, and not the answer to the submit told of it.</param>
    /// <exception cref="ArgumentException">The task has no id.</exception>
    /// <exception cref="KlingException">JournalInvalid: the journal can't be written.</exception>
    Task AcceptedAsync(string key, KlingTask task, bool found = false);

    /// <summary>Writes that the submit created nothing, so that the job may be submitted again. One that was uncertain before
    /// is so again, for a refusal tells nothing of the earlier submit; one that is not being submitted stays as it is.</summary>
    /// <param name="key">What the job is known by.</param>
    /// <param name="why">The API's answer, or what kept the request from being sent.</param>
    /// <exception cref="KlingException">JournalInvalid: the journal can't be written.</exception>
    Task RefusedAsync(string key, KlingException why);

    /// <summary>Writes that the submit may or may not have been accepted.</summary>
    /// <param name="key">What the job is known by.</param>
    /// <param name="why">What is known of the answer.</param>
    /// <exception cref="KlingException">JournalInvalid: the journal can't be written.</exception>
    Task UncertainAsync(string key, KlingException why);
}
