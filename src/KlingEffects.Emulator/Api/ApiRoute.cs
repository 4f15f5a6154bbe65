using KlingEffects.Emulator.Configuration;
using KlingEffects.Emulator.Recording;
using KlingEffects.Emulator.Specification;

namespace KlingEffects.Emulator.Api;

/// <summary>A call of the API, by method and path.</summary>
internal sealed record ApiRoute(Operation Operation, string Kind, string TaskId)
{
    /// <summary>Reads a path as it was on the wire; null where there is no such call.</summary>
    public static ApiRoute? Of(string method, string path, Gateway gateway)
    {
        if (gateway == Gateway.Kling && method == "GET" && path == "/account/costs")
        {
            return new ApiRoute(Operation.Account, "", "");
        }

        string prefix = gateway == Gateway.Kling ? "/v1/videos/" : "/kling/v1/videos/";
        if (!path.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }

        string rest = path[prefix.Length..];
        if (method == "POST")
        {
            return rest == "effects" ? new ApiRoute(Operation.Submit, rest, "") : null;
        }

        if (method != "GET")
        {
            return null;
        }

        if (PublishedKinds.Names.Contains(rest))
        {
            return gateway == Gateway.Kling ? new ApiRoute(Operation.List, rest, "") : null;
        }

        int last = rest.LastIndexOf('/');
        return last > 0 && last < rest.Length - 1 && IsKind(rest[..last])
            ? new ApiRoute(Operation.Query, rest[..last], Uri.UnescapeDataString(rest[(last + 1)..]))
            : null;
    }

    // A kind of one part may be newer than this list; one of several would take every longer path.
    private static bool IsKind(string kind) => !kind.Contains('/') || PublishedKinds.Names.Contains(kind);
}
