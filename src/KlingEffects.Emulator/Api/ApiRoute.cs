using KlingEffects.Emulator.Recording;

namespace KlingEffects.Emulator.Api;

/// <summary>A call of the API, by method and path.</summary>
internal sealed record ApiRoute(Operation Operation, string Kind, string TaskId)
{
    private const string Prefix = "/kling/v1/videos/";

    /// <summary>Reads a path as it was on the wire; null where there is no such call.</summary>
    public static ApiRoute? Of(string method, string path)
    {
        if (!path.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        string[] segments = path[Prefix.Length..].Split('/');
        return (method, segments) switch
        {
            ("POST", ["effects"]) => new ApiRoute(Operation.Submit, "effects", ""),
            ("GET", [{ Length: > 0 } kind, { Length: > 0 } id]) => new ApiRoute(Operation.Query, kind, Uri.UnescapeDataString(id)),
            _ => null,
        };
    }
}
