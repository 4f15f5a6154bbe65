namespace KlingEffects.Videos;

/// <summary>How one try at a video ended.</summary>
internal abstract record ExchangeEnd
{
    /// <summary>All of it is there, and looks right.</summary>
    public sealed record Complete : ExchangeEnd;

    /// <summary>Not now; another try may help.</summary>
    public sealed record Again(string Reason) : ExchangeEnd
    {
        /// <summary>How long the host asks to be left alone, or null.</summary>
        public TimeSpan? RetryAfter { get; init; }

        /// <summary>Whether what is there can't be gone on from; it stays until something better comes.</summary>
        public bool AsksForWhole { get; init; }

        /// <summary>Whether the host gave what it was asked for, and has more.</summary>
        public bool HasMore { get; init; }
    }

    /// <summary>The host does not give it; a fresh URL may help.</summary>
    public sealed record Denied(int Status, HostReason Reason) : ExchangeEnd;

    /// <summary>No try will help.</summary>
    public sealed record Refused(string Reason) : ExchangeEnd
    {
        /// <summary>The kind of failure.</summary>
        public KlingErrorId Id { get; init; } = KlingErrorId.DownloadFailed;

        /// <summary>The answer's status, or null.</summary>
        public int? Status { get; init; }

        /// <summary>What a user can do, where more is known than the kind of failure tells.</summary>
        public string? Advice { get; init; } = KlingEffects.Advice.ForRefusedVideo;
    }
}
