namespace KlingEffects.Api.Gateways;

/// <summary>An API's address as people paste it: without a scheme, in quotation marks, or with a part of the route.</summary>
internal static class BaseAddress
{
    private const string Https = "https://";
    private const RegexOptions InAnyCase = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private static readonly Regex WithoutScheme = new(
        @"^(//)?(?<host>localhost|\[[0-9a-f:.]+\]|[a-z0-9-]+(\.[a-z0-9-]+)+\.?|[a-z0-9-]+(?=:\d))(:\d{1,5})?([/?#]\S*)?$", InAnyCase);

    private static readonly Regex Loopback = new(@"^(localhost|127(\.\d+){3}|\[::1\])$", InAnyCase);

    // The routes of Kling's calls, and that of the chat call which the provider's SDK pages show (apidoc.cometapi.com, 2026-11).
    private static readonly Regex Route = new(@"/v1(/(videos|images|audio|chat|models|account)(/.*)?)?$", InAnyCase);

    /// <summary>The address with its scheme, where what was given is one; else what was given, which whoever uses it refuses.</summary>
    public static Uri Read(Uri given)
    {
        string text = PastedText.Unquoted(given.OriginalString);
        string complete = WithoutScheme.Match(text) is { Success: true } match
            ? (Loopback.IsMatch(match.Groups["host"].Value) ? "http://" : Https) + text.TrimStart('/') : text;
        return Uri.TryCreate(complete, UriKind.Absolute, out Uri? address) ? address : given;
    }

    /// <summary>The path below which the routes are: without a slash at its end, and without the prefix of the gateway's routes.</summary>
    public static string PathOf(Uri address, string prefix)
    {
        string path = Route.Replace(address.AbsolutePath.TrimEnd('/'), "");
        string own = "/" + prefix.TrimEnd('/');
        bool hasOwn = own.Length > 1 && path.EndsWith(own, StringComparison.OrdinalIgnoreCase);
        return hasOwn ? path.Substring(0, path.Length - own.Length) : path;
    }
}
