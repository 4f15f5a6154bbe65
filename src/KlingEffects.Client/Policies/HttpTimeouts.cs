namespace KlingEffects.Policies;

/// <summary>How long each step of an exchange may take.</summary>
internal sealed record HttpTimeouts
{
    public TimeSpan Answer { get; init; } = Policy.AnswerTimeout;

    public TimeSpan Stall { get; init; } = Policy.StallTimeout;
}
