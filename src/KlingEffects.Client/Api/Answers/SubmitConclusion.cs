using KlingEffects.Http;

namespace KlingEffects.Api.Answers;

internal enum Creation
{
    NotCreated,
    Created,
    Uncertain,
}

/// <summary>
/// The one place that concludes whether a submit made a task: from how far its body got, and from what the API itself says. What was
/// thrown, and what else stands in an answer, plays no part.
/// </summary>
internal static class SubmitConclusion
{
    /// <param name="sent">How far the body got: what did not leave whole can't have been carried out, whatever came back.</param>
    /// <param name="said">What the API's words, or a status that speaks for itself, tell of a request that arrived.</param>
    public static Creation From(BodyProgress sent, Creation said) => sent == BodyProgress.Whole ? said : Creation.NotCreated;

    /// <summary>What a status tells by itself, or with the API's JSON.</summary>
    /// <remarks>
    /// Those by which HTTP's own text says that the request was refused before it was acted on (RFC 9110, 15.4 and 15.5; RFC 6585), and
    /// which servers, firewalls and gateways send of a wrong address, key, size or pace. Not among them: what an application sends after
    /// its work (302 and 303, "see the result there"), what tells of another's failure (424), of a client that went away (460, 499), a
    /// conflict with what is there (409), and every status that nobody has defined. With the API's own JSON, which is then an
    /// application's word, six more (455: a reseller's maintenance, kie.ai docs, 2026-11).
    /// </remarks>
    public static Creation FromStatus(int status, bool hasWords) => status switch
    {
        301 or 307 or 308 or (>= 400 and <= 405) => Creation.NotCreated,
        411 or (>= 413 and <= 415) or 417 or 421 or 426 or 428 or 429 or 431 => Creation.NotCreated,
        406 or 410 or 412 or 422 or 451 or 455 when hasWords => Creation.NotCreated,
        _ => Creation.Uncertain,
    };
}
