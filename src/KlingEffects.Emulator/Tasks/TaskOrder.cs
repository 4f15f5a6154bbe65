namespace KlingEffects.Emulator;

/// <summary>What a submit asks for, and what is to become of it.</summary>
internal sealed record TaskOrder
{
    public string Kind { get; init; } = "effects";

    public string? Scene { get; init; }

    public string? ExternalId { get; init; }

    public string? Duration { get; init; }

    public string? CallbackUrl { get; init; }

    public IReadOnlyList<SubmittedImage> Images { get; init; } = [];

    public long RequestNumber { get; init; }

    /// <summary>Why the images cannot be used: the task fails as soon as it would be processed.</summary>
    public string? ImageDefect { get; init; }

    /// <summary>Why the task fails where it would have succeeded.</summary>
    public string? FailReason { get; init; }

    public bool NeverEnds { get; init; }

    /// <summary>How long after its success the task shows no URL.</summary>
    public TimeSpan WithoutUrlFor { get; init; }
}
