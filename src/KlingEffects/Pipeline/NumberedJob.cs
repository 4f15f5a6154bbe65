namespace KlingEffects.Pipeline;

/// <summary>A job and its place in the cmdlet's input.</summary>
/// <param name="Job">What to make.</param>
/// <param name="Row">Where it came from.</param>
public sealed record NumberedJob(EffectJob Job, InputRow Row);

/// <summary>Where a job came from.</summary>
/// <param name="Index">Its place in the input, from 1.</param>
/// <param name="IsPiped">Whether it is one of a pipeline's objects, as against the command's own arguments.</param>
/// <param name="ExternalTaskId">The user's own id, or null.</param>
public sealed record InputRow(int Index, bool IsPiped, string? ExternalTaskId)
{
    /// <summary>The error with what finds the row of a batch again, where it does not tell that itself.</summary>
    internal KlingException Named(KlingException error)
    {
        KlingException named = error.Of(ExternalTaskId);
        return named.Target is not null ? named
            : ExternalTaskId is { } own ? named.WithSubject(own)
            : IsPiped ? named.WithSubject($"row {Index}", subject: $"Row {Index}")
            : named;
    }
}
