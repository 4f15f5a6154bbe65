namespace KlingEffects.Http;

/// <summary>The proxy of the environment variables HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, read at each request.</summary>
internal sealed class EnvironmentProxy(Func<string, string?> read) : IWebProxy, ICredentials
{
    public bool IsNamed => Named(Uri.UriSchemeHttp) is not null || Named(Uri.UriSchemeHttps) is not null;
    public ICredentials? Credentials { get => this; set => throw new NotSupportedException(); }

    public Uri? GetProxy(Uri destination) => Find(destination) ?? destination;

    public bool IsBypassed(Uri host) => Find(host) is null;

    public NetworkCredential? GetCredential(Uri uri, string authType)
    {
        Uri?[] named = [uri, Named(Uri.UriSchemeHttp), Named(Uri.UriSchemeHttps)];
        return LoginIn(named.FirstOrDefault(one => one?.UserInfo.Length > 0 && one.Authority == uri.Authority));
    }

    /// <summary>The login in a proxy's address, or null.</summary>
    public static NetworkCredential? LoginIn(Uri? proxy)
    {
        string[] parts = [.. (proxy?.UserInfo ?? "").Split([':'], 2).Select(Uri.UnescapeDataString)];
        return parts is [""] ? null : new NetworkCredential(parts[0], parts.Length > 1 ? parts[1] : "");
    }

    private Uri? Find(Uri destination) =>
        destination.IsLoopback || NoProxy.Has(Variable("NO_PROXY"), destination) ? null : Named(destination.Scheme);

    private Uri? Named(string scheme) =>
        Address(Variable(scheme == Uri.UriSchemeHttps ? "HTTPS_PROXY" : "HTTP_PROXY") ?? Variable("ALL_PROXY"));

    // In a CGI program HTTP_PROXY may be set by a request header (httpoxy).
    private string? Variable(string name) =>
        read(name.ToLowerInvariant()) is { Length: > 0 } lower ? lower
        : name == "HTTP_PROXY" && read("GATEWAY_INTERFACE") is not null ? null
        : read(name) is { Length: > 0 } upper ? upper : null;

    private static Uri? Address(string? text) => text?.Trim() is { Length: > 0 } given
        && Uri.TryCreate(given.Contains("://", StringComparison.Ordinal) ? given : "http://" + given, UriKind.Absolute, out Uri? proxy)
            ? proxy : null;
}
