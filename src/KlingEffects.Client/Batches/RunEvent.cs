namespace KlingEffects.Batches;

/// <summary>What happens in a run, as data: verbose lines, progress and reports are made of it.</summary>
internal abstract record RunEvent
{
    /// <summary>The API accepted a job.</summary>
    public sealed record Submitted(EffectJob Job, KlingTask Task) : RunEvent;

    /// <summary>A job has a task already, by the API's word (looked up) or the journal's, so nothing was submitted.</summary>
    public sealed record Recalled(EffectJob Job, string TaskId, bool WasLookedUp) : RunEvent;

    /// <summary>The API begins to take no jobs, or can't be reached: they wait and are sent again. Told once for each reason, of the first.</summary>
    public sealed record SubmitsHeld(EffectJob Job, KlingException Why) : RunEvent;

    /// <summary>Jobs get through again.</summary>
    public sealed record SubmitsTaken(TimeSpan After) : RunEvent;

    /// <summary>A poll told another status than before.</summary>
    public sealed record Polled(KlingTask Task, KlingTaskStatus Before) : RunEvent;

    /// <summary>Polls begin to tell nothing of their tasks, which are asked for again: told once, of the first.</summary>
    public sealed record PollsFail(KlingTask Task, KlingException Why) : RunEvent;

    /// <summary>The server asks for a longer pause than a minute: told once, until polls are answered again.</summary>
    public sealed record PollsHeld(TimeSpan For, KlingException Why) : RunEvent;

    /// <summary>Polls tell of all their tasks again.</summary>
    public sealed record PollsAnswered(TimeSpan After) : RunEvent;

    /// <summary>A task ended, well or not.</summary>
    public sealed record Ended(KlingTask Task, KlingTaskStatus Before) : RunEvent;

    /// <summary>A task is not waited for any longer; it goes on.</summary>
    public sealed record GivenUp(KlingTask Task, KlingException Why) : RunEvent;

    /// <summary>A download has to wait. Told once, until it gets on.</summary>
    public sealed record DownloadHeld(KlingTask Task, string Why) : RunEvent;

    /// <summary>A video is on disk.</summary>
    public sealed record Saved(KlingTask Task, SavedVideo File) : RunEvent;
}
