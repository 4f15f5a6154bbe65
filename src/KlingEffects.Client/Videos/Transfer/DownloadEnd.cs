namespace KlingEffects.Videos.Transfer;

/// <summary>What one request for a video came to.</summary>
internal abstract record DownloadEnd
{
    public sealed record Complete : DownloadEnd;

    /// <summary>Not now; another request may help.</summary>
    public sealed record Again(string Reason) : DownloadEnd
    {
        public TimeSpan? RetryAfter { get; init; }

        /// <summary>Whether the next request is for the video from its start, since what came for the rest of it is of no use.</summary>
        public bool AsksForWhole { get; init; }

        /// <summary>Whether the host gave what it was asked for, and has more.</summary>
        public bool HasMore { get; init; }
    }

    /// <summary>The host does not give it: not yet, not under this URL, or no more.</summary>
    public sealed record Denied(int Status, HostReason Reason, DateTimeOffset? At) : DownloadEnd
    {
        public string Text => Reason.Text is { } text ? $"HTTP {Status}, {text}" : $"HTTP {Status}";
    }

    public sealed record Final(string Reason) : DownloadEnd
    {
        public KlingErrorId Id { get; init; } = KlingErrorId.DownloadFailed;

        public int? Status { get; init; }

        /// <summary>What a user can do, where more is known than the kind of failure tells.</summary>
        public string? Advice { get; init; } = KlingEffects.Advice.ForRefusedVideo;
    }
}

/// <summary>The exchange ended without a whole answer.</summary>
internal sealed class DownloadFault(DownloadEnd end) : Exception
{
    public DownloadEnd End => end;
}
