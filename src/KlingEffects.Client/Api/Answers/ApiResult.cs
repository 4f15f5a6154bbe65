using KlingEffects.Http;

namespace KlingEffects.Api.Answers;

/// <summary>What was asked: the same words mean different things to a submit and to a query.</summary>
internal enum Operation
{
    Submit,
    Query,
    List,
    Account,
}

/// <summary>What an API call came to: a task, or an error and what may be done about it.</summary>
internal sealed record ApiResult
{
    public KlingTask? Task { get; init; }

    /// <summary>The tasks of a page of the list; null for every other answer.</summary>
    public IReadOnlyList<KlingTask>? Tasks { get; init; }

    public IReadOnlyList<KlingResourcePack>? Packs { get; init; }
    public KlingException? Error { get; init; }
    public Creation Creation { get; init; }

    /// <summary>Whether asking again can help and cannot harm.</summary>
    public bool Repeatable { get; init; }

    /// <summary>
    /// Whether asking again is of no use however good the API was before: no request leaves for what can be no id, and each repeat with a
    /// proxy's wrong password (407) counts towards locking the account.
    /// </summary>
    public bool IsHopeless => Error is { Id: KlingErrorId.InvalidRequest, HttpStatus: null } or { HttpStatus: RequestFault.ProxyLogin };

    /// <summary>Whether what came of it was nobody's intention, neither the API's nor the network's.</summary>
    public bool IsDefect { get; init; }

    /// <summary>How far the server's clock is ahead of ours; zero where it does not tell.</summary>
    public TimeSpan ClockAhead { get; init; }

    public TimeSpan? RetryAfter => Error?.RetryAfter;

    /// <summary>Whether the API said this, as against nothing having come from it.</summary>
    public bool WasAnswered { get; init; } = true;
}
