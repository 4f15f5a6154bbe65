namespace KlingEffects.Batches;

/// <summary>Receives the events of a run, on any thread; may delay the work.</summary>
internal interface IRunObserver
{
    ValueTask ReportAsync(RunEvent what);

    /// <summary>Warns the user of something that does not stop the work.</summary>
    ValueTask WarnAsync(SafeText text);
}

/// <summary>An event of a run, as data and as a line that begins with the user's own id of the job.</summary>
internal abstract record RunEvent(SafeText Text)
{
    public sealed record Submitted(EffectJob Job, KlingTask Task) : RunEvent(Job.ExternalTaskId is { } id
        ? (SafeText)$"{SubjectName.Before(id)}submitted as {Task.TaskId}: {Job}" : $"{Task.TaskId} submitted: {Job}");

    /// <summary>A job has a task already, by a query or the journal, so nothing was submitted.</summary>
    public sealed record Recalled(EffectJob Job, string TaskId, bool WasLookedUp) : RunEvent(
        $"{SubjectName.Before(Job.ExternalTaskId)}{Job}: {(WasLookedUp ? "found as" : "the journal has")} task {TaskId}");

    /// <summary>The API accepts no jobs, or is unreachable: they wait. Reported once for each reason.</summary>
    public sealed record SubmitsHeld(EffectJob Job, KlingException Why) : RunEvent(
        $"submits are held back, {SubjectName.Before(Job.ExternalTaskId)}{Job} first: {Why.Message} Trying again.");

    public sealed record SubmitsTaken(TimeSpan After) : RunEvent($"submits get through again, after {After.TotalSeconds:0} s");

    public sealed record Polled(KlingTask Task, KlingTaskStatus Before) : RunEvent(
        $"{SubjectName.Before(Task.ExternalTaskId)}{Task.TaskId} is {Task.Status}");

    /// <summary>Polls fail and are repeated. Reported once.</summary>
    public sealed record PollsFail(KlingTask Task, KlingException Why) : RunEvent(
        $"polls fail, of {SubjectName.Before(Task.ExternalTaskId)}{Task.TaskId} first: {Why.Message} Asking again.");

    /// <summary>The server asks for a pause of more than a minute. Reported once, until polls are answered again.</summary>
    public sealed record PollsHeld(TimeSpan For, KlingException Why) : RunEvent(
        $"no polls for {For.TotalMinutes:0.#} min, which the server asks for: {Why.Message}");

    public sealed record PollsAnswered(TimeSpan After) : RunEvent($"polls are answered again, after {After.TotalSeconds:0} s");

    public sealed record Ended(KlingTask Task, KlingTaskStatus Before) : RunEvent(
        $"{SubjectName.Before(Task.ExternalTaskId)}{Task.TaskId} ended: {Task.Status}");

    /// <summary>A task is not waited for any longer; it goes on.</summary>
    public sealed record GivenUp(KlingTask Task, KlingException Why) : RunEvent(
        $"{SubjectName.Before(Task.ExternalTaskId)}{Task.TaskId} is not waited for any longer: {Why.Message}");

    /// <summary>A download has to wait. Reported once, until it makes progress.</summary>
    public sealed record DownloadHeld(KlingTask Task, string Why) : RunEvent(
        $"{SubjectName.Before(Task.ExternalTaskId)}{Task.TaskId}'s video has to wait: {Why}");

    public sealed record Saved(SavedVideo Video) : RunEvent(
        $"{SubjectName.Before(Video.Task.ExternalTaskId)}{Video.Task.TaskId} {(Video.WasThere ? "was there" : "saved")}: "
        + $"{Video.Path} ({Video.Length} bytes)");
}
