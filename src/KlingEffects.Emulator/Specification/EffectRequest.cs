namespace KlingEffects.Emulator.Specification;

/// <summary>What a submit asks for, as far as it could be read.</summary>
internal sealed record EffectRequest
{
    public string? Scene { get; init; }

    public string? ExternalId { get; init; }

    public string? Duration { get; init; }

    public string? CallbackUrl { get; init; }

    public IReadOnlyList<SubmittedImage> Images { get; init; } = [];

    /// <summary>Why the images cannot be used: the task fails as soon as it would be processed.</summary>
    public string? ImageDefect { get; init; }
}
