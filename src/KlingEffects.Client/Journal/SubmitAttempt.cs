namespace KlingEffects.Journal;

/// <summary>One submit of a job, as it is about to be sent.</summary>
/// <param name="Job">The job with the external id that it is sent under.</param>
internal sealed record SubmitAttempt(EffectJob Job)
{
    /// <summary>Which attempt it is, from 1: the next one only for a job whose task failed.</summary>
    public int Number { get; init; } = 1;

    /// <summary>Submits a job again that may have been accepted before.</summary>
    public bool RetryUncertain { get; init; }

    /// <summary>The start of each image's digest, where they are known.</summary>
    public string[]? Digests { get; init; }
}
