namespace KlingEffects.Commands;

/// <summary>A job and its place in the cmdlet's input.</summary>
/// <param name="Job">What to make.</param>
/// <param name="Index">From 1.</param>
public sealed record NumberedJob(EffectJob Job, int Index);
