namespace KlingEffects.Api.Gateways;

/// <summary>An API's address as people paste it: without a scheme, in quotation marks, or with a part of the route.</summary>
internal static class BaseAddress
{
    private const string Https = "https://";
    private const RegexOptions InAnyCase = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private static readonly Regex WithoutScheme = new(
        @"^(//)?(?<host>localhost|\[[0-9a-f:.]+\]|[a-z0-9-]+(\.[a-z0-9-]+)+\.?|[a-z0-9-]+(?=:\d))(:\d{1,5})?([/?#]\S*)?$", InAnyCase);

    private static readonly Regex Loopback = new(@"^(localhost|127(\.\d+){3}|\[::1\])$", InAnyCase);

    // Kling's routes, and the chat route of the provider's SDK pages (apidoc.cometapi.com, 2026-11).
    private static readonly Regex Route = new(@"/v1(/(videos|images|audio|chat|models|account)(/.*)?)?$", InAnyCase);

    /// <summary>The address with its scheme; or the given text, which the caller then refuses.</summary>
    public static Uri Read(Uri given)
    {
        string text = PastedText.Unquoted(given.OriginalString);
        string complete = WithoutScheme.Match(text) is { Success: true } match
            ? (Loopback.IsMatch(match.Groups["host"].Value) ? "http://" : Https) + text.TrimStart('/') : text;
        return Uri.TryCreate(complete, UriKind.Absolute, out Uri? address) ? address : given;
    }

    /// <summary>The path above the routes, without a final slash and the gateway's prefix.</summary>
    public static string PathOf(Uri address, string prefix)
    {
        string path = Route.Replace(address.AbsolutePath.TrimEnd('/'), "");
        string own = "/" + prefix.TrimEnd('/');
        bool hasOwn = own.Length > 1 && path.EndsWith(own, StringComparison.OrdinalIgnoreCase);
        return hasOwn ? path.Substring(0, path.Length - own.Length) : path;
    }
}
