using KlingEffects.Http;

namespace KlingEffects.Videos;

/// <summary>How the hosts of a task's videos are reached.</summary>
/// <param name="Http">The way to them, which has the key for those at the API's own address, and for no other.</param>
internal sealed record VideoAccess(HttpChain Http)
{
    /// <summary>What the client calls itself; null for its own name.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The API's address, to which a URL without a host belongs; null where there is none.</summary>
    public Uri? Base { get; init; }

    /// <summary>Follows a request; null where nobody wants to know.</summary>
    public Func<Uri, RequestWatch?> Watch { get; init; } = static _ => null;
}
