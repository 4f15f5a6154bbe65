using KlingEffects.Http;

namespace KlingEffects.Api.Answers;

internal enum Creation
{
    NotCreated,
    Created,
    Uncertain,
}

/// <summary>The one place that decides whether a submit created a task: by what was sent of its body, and the API's own words.</summary>
internal static class SubmitConclusion
{
    public static Creation From(BodyProgress sent, Creation said) => sent == BodyProgress.Whole ? said : Creation.NotCreated;

    /// <summary>The meaning of a status, alone or with the API's JSON.</summary>
    /// <remarks>Not created: the statuses by which HTTP refuses a request before acting on it (RFC 9110, 15.4 and 15.5; RFC 6585), for a
    /// wrong address, key, size or rate; six more if the API's JSON confirms it (455 is a reseller's maintenance: kie.ai docs, 2026-11).
    /// Uncertain: what an application sends after its work (302, 303), another server's failure (424), a client that went away (460, 499),
    /// a conflict (409), and every undefined status.</remarks>
    public static Creation FromStatus(int status, bool hasWords) => status switch
    {
        301 or 307 or 308 or (>= 400 and <= 405) => Creation.NotCreated,
        411 or (>= 413 and <= 415) or 417 or 421 or 426 or 428 or 429 or 431 => Creation.NotCreated,
        406 or 410 or 412 or 422 or 451 or 455 when hasWords => Creation.NotCreated,
        _ => Creation.Uncertain,
    };
}
