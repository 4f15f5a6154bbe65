using KlingEffects.Api.Answers;

namespace KlingEffects.Waiting;

/// <summary>What the loop of a <see cref="TaskWaiter"/> is told of.</summary>
internal abstract record WaitEvent
{
    public sealed record Arrived(KlingTask Task) : WaitEvent;

    public sealed record Answered(WaitingTask Waiting, ApiResult Result, TimeSpan Took) : WaitEvent;

    public sealed record Tick : WaitEvent;

    /// <summary>Somebody wants to know when all will have ended.</summary>
    public sealed record Look : WaitEvent;

    public sealed record Completed : WaitEvent;
}
