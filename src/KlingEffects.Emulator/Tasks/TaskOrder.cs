using KlingEffects.Emulator.Specification;

namespace KlingEffects.Emulator.Tasks;

/// <summary>What a submit asks for, and what is to become of it.</summary>
internal sealed record TaskOrder
{
    public string Kind { get; init; } = "effects";

    public EffectRequest Request { get; init; } = new();

    public long RequestNumber { get; init; }

    /// <summary>Why the task fails where it would have succeeded.</summary>
    public string? FailReason { get; init; }

    public bool NeverEnds { get; init; }

    /// <summary>How long ago the task was made and ended, as far as its answers tell.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>How long after its success the task shows no URL.</summary>
    public TimeSpan WithoutUrlFor { get; init; }
}
