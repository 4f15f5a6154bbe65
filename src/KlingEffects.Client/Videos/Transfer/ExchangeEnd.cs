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
    }

    /// <summary>The URL no longer leads to it.</summary>
    public sealed record Expired(int Status) : ExchangeEnd;

    /// <summary>No try at this URL will help.</summary>
    public sealed record Refused(int Status) : ExchangeEnd;
}
