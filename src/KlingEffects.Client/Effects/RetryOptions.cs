namespace KlingEffects.Effects;

/// <summary>Which of the journal's jobs the user wants submitted again.</summary>
internal sealed record RetryOptions(bool Uncertain = false, bool Failed = false)
{
    public static RetryOptions None { get; } = new();

    public bool StartsNewAttempt(KlingJob? known) => Failed && known is { HasFailed: true };

    /// <summary>Whether the job's task is kept, so that nothing is sent.</summary>
    public bool Keeps(KlingJob? known) => known is { HasTask: true } && !StartsNewAttempt(known);

    /// <summary>The number of the next attempt, and the external id that it was sent under before, if any.</summary>
    public (int Number, string? SentId) Attempt(KlingJob? known) =>
        StartsNewAttempt(known) ? (known!.Attempt + 1, null) : (known?.Attempt ?? 1, known?.SentId);
}
