namespace KlingEffects.Effects;

/// <summary>What of a journal's jobs is submitted again, because the user said so.</summary>
/// <param name="Uncertain">Jobs of which it is not known whether they were accepted.</param>
/// <param name="Failed">Jobs whose task failed: each time a new attempt.</param>
internal sealed record RetryOptions(bool Uncertain = false, bool Failed = false)
{
    public static RetryOptions None { get; } = new();

    public bool StartsNewAttempt(KlingJob? known) => Failed && known is { HasFailed: true };

    /// <summary>Whether the job has a task that stands, so that nothing is sent.</summary>
    public bool Keeps(KlingJob? known) => known is { HasTask: true } && !StartsNewAttempt(known);

    /// <summary>The number of the attempt that would be sent, and the external id that it was sent under before, if it was.</summary>
    public (int Number, string? SentId) Attempt(KlingJob? known) =>
        StartsNewAttempt(known) ? (known!.Attempt + 1, null) : (known?.Attempt ?? 1, known?.SentId);
}
