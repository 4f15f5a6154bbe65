namespace KlingEffects.Emulator.Answers;

/// <summary>How the body of an answer goes over the wire.</summary>
internal sealed record Delivery
{
    public static Delivery Plain { get; } = new();

    /// <summary>After how many bytes the connection is ended; null for never.</summary>
    public long? TruncateAfter { get; init; }

    /// <summary>After how many bytes nothing comes for a while; null for never.</summary>
    public long? StallAfter { get; init; }

    public TimeSpan StallFor { get; init; }

    /// <summary>0 is as fast as it goes.</summary>
    public long BytesPerSecond { get; init; }

    public bool IsChunked { get; init; }
}
