using KlingEffects.Emulator.Recording;

namespace KlingEffects.Emulator.Faults;

/// <summary>Which requests are to go wrong, and how.</summary>
/// <param name="Operation">The kind of request.</param>
/// <param name="Effect">What happens; null for nothing but the delay.</param>
public sealed record Fault(Operation Operation = Operation.Any, FaultEffect? Effect = null)
{
    /// <summary>For <see cref="Times"/>: no end.</summary>
    public const int Forever = 0;

    /// <summary>Only requests about tasks of this scene; null for all.</summary>
    public string? Scene { get; init; }

    /// <summary>Only requests about this task; null for all.</summary>
    public string? TaskId { get; init; }

    /// <summary>Only requests about the task with this id of the client's; null for all.</summary>
    public string? ExternalTaskId { get; init; }

    /// <summary>How many matching requests are spared first.</summary>
    public int Skip { get; init; }

    /// <summary>How many requests it strikes; <see cref="Forever"/> for all.</summary>
    public int Times { get; init; } = 1;

    /// <summary>How likely a matching request is struck, from 0 to 1, drawn from the emulator's seed.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>How long, by the emulator's clock, before the effect or the answer.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Whether the fault can be judged, and must strike, before the body of a submit is read.</summary>
    internal bool StrikesOnArrival => Effect is ResetBefore && Scene is null && TaskId is null && ExternalTaskId is null;
}
