namespace KlingEffects.Videos.Transfer;

/// <summary>Why one request did not bring the whole of a video, and another one may.</summary>
internal record DownloadEnd(string Reason)
{
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the next request is for the video from its start, since what came for the rest of it is of no use.</summary>
    public bool AsksForWhole { get; init; }

    /// <summary>Whether the host gave what it was asked for, and has more.</summary>
    public bool HasMore { get; init; }
}
