using KlingEffects.Http;

namespace KlingEffects.Api.Answers;

/// <summary>The kind of call: the same error means different things to a submit and a query.</summary>
internal enum Operation
{
    Submit,
    Query,
    List,
    Account,
}

internal sealed record ApiResult
{
    public KlingTask? Task { get; init; }
    public IReadOnlyList<KlingTask>? Tasks { get; init; }
    public IReadOnlyList<KlingResourcePack>? Packs { get; init; }
    public KlingException? Error { get; init; }
    public Creation Creation { get; init; }

    /// <summary>Whether a retry can help and cannot harm.</summary>
    public bool Repeatable { get; init; }

    /// <summary>Whether a retry is useless, such as of an invalid id; with a wrong proxy password (407) it may lock the account.</summary>
    public bool IsHopeless =>
        Error is { Id: KlingErrorId.InvalidRequest or KlingErrorId.ApiKeyMissing, HttpStatus: null }
            or { HttpStatus: RequestFault.ProxyLogin };

    /// <summary>Whether it failed by an unexpected exception rather than by the API or the network.</summary>
    public bool IsDefect { get; init; }

    public TimeSpan? RetryAfter => Error?.RetryAfter;
    public bool WasAnswered { get; init; } = true;
}
