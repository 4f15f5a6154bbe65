namespace KlingEffects.Videos.Transfer;

/// <summary>Why one request did not complete a video and another one may.</summary>
internal record DownloadEnd(string Reason)
{
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether to request the whole video next, because the rest could not be used.</summary>
    public bool AsksForWhole { get; init; }

    /// <summary>Whether the host sent what was requested, and has more.</summary>
    public bool HasMore { get; init; }
}
