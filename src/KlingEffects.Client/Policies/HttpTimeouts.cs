namespace KlingEffects.Policies;

/// <summary>How long each step of an exchange may take.</summary>
internal sealed record HttpTimeouts
{
    /// <summary>From the last byte of the request to the headers of the answer.</summary>
    public TimeSpan Answer { get; init; } = Policy.AnswerTimeout;

    /// <summary>Between two reads or writes of a body.</summary>
    public TimeSpan Stall { get; init; } = Policy.StallTimeout;
}
