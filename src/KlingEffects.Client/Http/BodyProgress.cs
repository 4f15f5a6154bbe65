namespace KlingEffects.Http;

/// <summary>How far a request's body got: only a server that may have had it whole can have carried the request out.</summary>
internal enum BodyProgress
{
    NotBegun,
    Begun,
    Whole,
}
