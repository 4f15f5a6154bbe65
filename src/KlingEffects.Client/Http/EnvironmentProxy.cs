using System.Net;

namespace KlingEffects.Http;

/// <summary>The proxy that the environment names now: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, in small letters or capitals.</summary>
/// <param name="read">Gives a variable's value, or null.</param>
internal sealed class EnvironmentProxy(Func<string, string?> read) : IWebProxy, ICredentials
{
    public bool IsNamed => Named(Uri.UriSchemeHttp) is not null || Named(Uri.UriSchemeHttps) is not null;

    public ICredentials? Credentials
    {
        get => this;
        set => throw new NotSupportedException();
    }

    public Uri? GetProxy(Uri destination) => Find(destination) ?? destination;

    public bool IsBypassed(Uri host) => Find(host) is null;

    public NetworkCredential? GetCredential(Uri uri, string authType)
    {
        string login = uri.UserInfo.Length > 0 ? uri.UserInfo
            : new[] { Named(Uri.UriSchemeHttp), Named(Uri.UriSchemeHttps) }.FirstOrDefault(proxy => proxy?.Authority == uri.Authority)?.UserInfo ?? "";
        string[] parts = login.Split([':'], 2);
        return login.Length == 0 ? null : new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }

    private Uri? Find(Uri destination) =>
        destination.IsLoopback || new NoProxy(Variable("NO_PROXY")).Has(destination) ? null : Named(destination.Scheme);

    private Uri? Named(string scheme) => Address(Variable(scheme == Uri.UriSchemeHttps ? "HTTPS_PROXY" : "HTTP_PROXY") ?? Variable("ALL_PROXY"));

    // A CGI program's HTTP_PROXY is a client's header (httpoxy).
    private string? Variable(string name) =>
        read(name.ToLowerInvariant()) is { Length: > 0 } lower ? lower
        : name == "HTTP_PROXY" && read("GATEWAY_INTERFACE") is not null ? null
        : read(name) is { Length: > 0 } upper ? upper : null;

    private static Uri? Address(string? text) => text?.Trim() is { Length: > 0 } given
        && Uri.TryCreate(given.Contains("://", StringComparison.Ordinal) ? given : "http://" + given, UriKind.Absolute, out Uri? proxy)
            ? proxy : null;
}
