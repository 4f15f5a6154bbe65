namespace KlingEffects.Effects;

/// <summary>What of a journal's jobs is submitted again, because the user said so.</summary>
/// <param name="Uncertain">Jobs of which it is not known whether they were accepted.</param>
/// <param name="Failed">Jobs whose task failed.</param>
internal sealed record RetryOptions(bool Uncertain = false, bool Failed = false)
{
    /// <summary>Nothing is.</summary>
    public static RetryOptions None { get; } = new();

    /// <summary>Whether a new attempt of the job is made, although it has a task.</summary>
    public bool StartsNewAttempt(KlingJob? known) => Failed && known is { HasFailed: true };
}
