namespace KlingEffects.Api.Gateways;

/// <summary>What differs between the hosts that offer Kling's API: the address, the routes, and the calls that exist.</summary>
internal sealed record KlingGateway
{
    private const int LongestSegment = 1024;

    /// <summary>CometAPI: Kling's calls below <c>/kling</c>. Source: the provider's page of the effects call.</summary>
    public static readonly KlingGateway CometApi = new()
    {
        DefaultBaseUri = new Uri("https://api.cometapi.com"),
        RoutePrefix = "kling/",
    };

    public required Uri DefaultBaseUri { get; init; }

    /// <summary>What stands before Kling's own routes; Kling's own API has nothing there.</summary>
    public required string RoutePrefix { get; init; }

    /// <summary>Whether a query may name the user's own id in place of the task's. Documented for Kling, hinted at for CometAPI.</summary>
    public bool AnswersExternalId { get; init; } = true;

    public Uri SubmitUri(Uri baseUri) => Route(baseUri, KlingTask.EffectsKind);

    /// <exception cref="KlingException">InvalidRequest: an id or kind that can't stand in a URL's path.</exception>
    public Uri QueryUri(Uri baseUri, string kind, string id) => Route(baseUri, $"{Segment(kind, "kind")}/{Segment(id, "id")}");

    /// <summary>The API's root: without a trailing <c>/v1</c>, over https unless the host is this machine.</summary>
    /// <exception cref="KlingException">InvalidRequest: not an absolute http(s) address, or http to another machine.</exception>
    public static Uri Root(Uri address)
    {
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
        {
            throw Refused($"The base URL '{ServerText.WithoutQuery(address.OriginalString)}' is not an http(s) address.");
        }

        if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback)
        {
            throw Refused($"The base URL 'http://{address.Authority}' would send the key unencrypted: use https (plain http is for this machine only).");
        }

        if (address.UserInfo.Length > 0)
        {
            throw Refused("The base URL holds credentials: give the key with -ApiKey instead.");
        }

        string path = address.AbsolutePath.TrimEnd('/');
        if (path.EndsWith("/v1", StringComparison.OrdinalIgnoreCase))
        {
            path = path.Substring(0, path.Length - "/v1".Length);
        }

        return new Uri(address.GetLeftPart(UriPartial.Authority) + path + "/");
    }

    // Dots alone would walk to another route, and escaping can't help it.
    private static string Segment(string text, string what) =>
        text.Length is > 0 and <= LongestSegment && text.Trim('.').Length > 0
            ? Uri.EscapeDataString(text)
            : throw new KlingException(KlingErrorId.InvalidRequest, $"'{ServerText.Clean(text)}' is no {what} of a task.");

    private static KlingException Refused(string message) =>
        new(KlingErrorId.InvalidRequest, message) { RecommendedAction = "Correct -BaseUri or $env:COMETAPI_BASE_URL." };

    private Uri Route(Uri root, string rest) => new(root, $"{RoutePrefix}v1/videos/{rest}");
}
