namespace KlingEffects.Api.Answers;

/// <summary>What was asked: the same words mean different things to a submit and to a query.</summary>
internal enum Operation
{
    Submit,
    Query,
}

/// <summary>Whether a submit made a task.</summary>
internal enum Creation
{
    NotCreated,
    Created,
    Uncertain,
}

/// <summary>The conclusion from one answer: a task, or an error and what may be done about it.</summary>
internal sealed record Answer
{
    public KlingTask? Task { get; init; }

    public KlingException? Error { get; init; }

    public Creation Creation { get; init; }

    /// <summary>Whether asking again can help and cannot harm.</summary>
    public bool Repeatable { get; init; }

    /// <summary>How long the server asks to be left alone, or null.</summary>
    public TimeSpan? RetryAfter => Error?.RetryAfter;

    /// <summary>Whether the API said this, as against nothing having come from it.</summary>
    public bool WasAnswered { get; init; } = true;
}
