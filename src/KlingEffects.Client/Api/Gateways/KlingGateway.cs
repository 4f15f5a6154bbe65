using KlingEffects.Http;

namespace KlingEffects.Api.Gateways;

/// <summary>What differs between the hosts that offer Kling's API: the address, the routes, and the calls that exist.</summary>
internal sealed record KlingGateway(
    KlingGatewayName Name, string Title, string Domain, Uri DefaultBaseUri, string KeyVariable, string BaseUriVariable, string RoutePrefix)
{
    /// <summary>The most tasks that a page of the list holds. Source: Kling's page of the effects call, 2026-11.</summary>
    public const int LargestPage = 500;

    /// <summary>The last page of the list that can be asked for. Source: as above.</summary>
    public const int LastPage = 1000;

    private const int LongestSegment = 1024;

    /// <summary>CometAPI: Kling's calls below <c>/kling</c>. Source: the provider's page of the effects call.</summary>
    public static readonly KlingGateway CometApi = new(
        KlingGatewayName.CometApi, "CometAPI", "cometapi.com", new Uri("https://api.cometapi.com"),
        "COMETAPI_KEY", "COMETAPI_BASE_URL", "kling/") { DefaultDuration = 5 };

    /// <summary>Kling's own API: no prefix, no length of effects, a list. Source: Kling's page of the effects call, 2026-11.</summary>
    public static readonly KlingGateway Kling = new(
        KlingGatewayName.Kling, "Kling", "klingai.com", new Uri("https://api-singapore.klingai.com"),
        "KLING_API_KEY", "KLING_BASE_URL", "") { HasList = true, HasAccount = true };

    public static IReadOnlyList<KlingGateway> All { get; } = [CometApi, Kling];

    /// <summary>The duration in seconds if none is given; null if the gateway needs none.</summary>
    public int? DefaultDuration { get; init; }

    public bool HasList { get; init; }
    public bool HasAccount { get; init; }

    public static KlingGateway From(KlingGatewayName name) => All.First(gateway => gateway.Name == name);

    public static KlingGateway? At(Uri address) =>
        address.IsAbsoluteUri ? All.FirstOrDefault(gateway => gateway.Owns(Origin.HostOf(address))) : null;

    public Uri SubmitUri(Uri baseUri) => Route(baseUri, KlingTask.EffectsKind);

    public Uri QueryUri(Uri baseUri, string kind, string id) => Route(baseUri, $"{KindPath(kind)}/{Segment(id, "id")}");

    public Uri ListUri(Uri baseUri, string kind, int page) =>
        Route(baseUri, FormattableString.Invariant($"{KindPath(kind)}?pageNum={page}&pageSize={LargestPage}"));

    /// <summary>The account's packs, by the time of their purchase. Source: Kling's page of account information, 2026-11.</summary>
    public static Uri AccountUri(Uri baseUri, DateTimeOffset from, DateTimeOffset to) => new(baseUri, FormattableString.Invariant(
        $"account/costs?start_time={from.ToUnixTimeMilliseconds()}&end_time={to.ToUnixTimeMilliseconds()}"));

    public EffectJob Complete(EffectJob job) => job with { Gateway = Name, Duration = job.Duration ?? DefaultDuration };

    /// <summary>The API's root, without a pasted route. Plain http is for this machine only.</summary>
    /// <exception cref="KlingException">InvalidRequest: not http(s), http to another machine, or another gateway's host.</exception>
    public Uri Root(Uri address)
    {
        bool isWeb = address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);
        address = isWeb ? Canonical(address) : address;
        SafeText? fault = !isWeb
                ? (SafeText)($"The base URL '{ServerText.WithoutQuery(address.OriginalString)}' is not an http(s) address, "
                    + $"such as {DefaultBaseUri.GetLeftPart(UriPartial.Authority)}.")
            : address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback
                ? $"The base URL 'http://{address.Authority}' would send the key unencrypted: "
                    + $"use https (plain http is for this machine only)."
            : address.UserInfo.Length > 0 ? $"The base URL holds credentials: give the key with {Term.ApiKey} instead."
            : At(address) is { } owner && owner != this
                ? (SafeText)($"The base URL is at {address.Host}, which is {owner.Title}'s, and the gateway is {Title}: "
                    + $"the key of one is not sent to the other.")
            : null;
        return fault is not null ? throw Refused(fault)
            : new Uri(address.GetLeftPart(UriPartial.Authority) + BaseAddress.PathOf(address, RoutePrefix) + "/");
    }

    // A kind may have several parts, such as avatar/image2video.
    private static string KindPath(string kind) => string.Join("/", kind.Split('/').Select(static part => Segment(part, "kind")));

    // Dots alone would lead to another route, even escaped.
    private static string Segment(string text, string what) =>
        text.Length is > 0 and <= LongestSegment && text.Trim('.').Length > 0 && RequestAddress.Segment(text) is { } segment
            ? segment
            : throw new KlingException(KlingErrorId.InvalidRequest, $"'{ServerText.Clean(text)}' is no {what} of a task.");

    private bool Owns(string host) => host == Domain || host.EndsWith("." + Domain, StringComparison.Ordinal);

    // Certificates are for names in ASCII without a final dot.
    private static Uri Canonical(Uri address) => address.HostNameType == UriHostNameType.Dns
        && Origin.HostOf(address) is { Length: > 0 } host && host != address.Host
        ? new UriBuilder(address) { Host = host }.Uri
        : address;

    private KlingException Refused(SafeText message) =>
        new(KlingErrorId.InvalidRequest, message, advice: $"Correct {Term.BaseUri}, {Term.Variable(BaseUriVariable)} or {Term.Gateway}.");

    private Uri Route(Uri root, string rest) =>
        RequestAddress.TryCreate($"{root.AbsoluteUri}{RoutePrefix}v1/videos/{rest}")
        ?? throw new KlingException(
            KlingErrorId.InvalidRequest,
            $"'{ServerText.Clean(rest)}' can't be asked for as it is: this runtime would ask for another address.");
}
