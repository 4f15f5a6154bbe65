namespace KlingEffects.Videos;

/// <summary>What is asked of a video's host.</summary>
/// <param name="Url">Where it is.</param>
internal sealed record VideoQuery(Uri Url)
{
    /// <summary>The first byte that is wanted; null for the whole.</summary>
    public long? From { get; init; }

    /// <summary>The version that the rest is wanted of; null where the host told none.</summary>
    public Validator? Version { get; init; }

    /// <summary>Whether it is asked for as browsers ask: some hosts refuse programs that they do not know, or that name no page.</summary>
    public bool IsOrdinary { get; init; }
}
