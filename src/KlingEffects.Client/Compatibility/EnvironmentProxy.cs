using System.Globalization;
using System.Net;

namespace KlingEffects;

/// <summary>The proxy that the environment names, which .NET Framework does not look at: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, as .NET reads them.</summary>
/// <param name="read">Gives a variable's value, or null.</param>
internal sealed class EnvironmentProxy(Func<string, string?> read) : IWebProxy, ICredentials
{
    private readonly Uri? _http = Address(Variable(read, "HTTP_PROXY") ?? Variable(read, "ALL_PROXY"));
    private readonly Uri? _https = Address(Variable(read, "HTTPS_PROXY") ?? Variable(read, "ALL_PROXY"));

    private readonly string[] _direct = (Variable(read, "NO_PROXY") ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether it names any.</summary>
    public bool IsNamed => (_http ?? _https) is not null;

    /// <inheritdoc/>
    public ICredentials? Credentials
    {
        get => this;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public Uri GetProxy(Uri destination) => Of(destination) ?? destination;

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => Of(host) is null;

    /// <inheritdoc/>
    public NetworkCredential? GetCredential(Uri uri, string authType)
    {
        string login = uri.UserInfo.Length > 0 ? uri.UserInfo : new[] { _http, _https }.FirstOrDefault(proxy => proxy?.Authority == uri.Authority)?.UserInfo ?? "";
        string[] parts = login.Split([':'], 2);
        return login.Length == 0 ? null : new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }

    private Uri? Of(Uri destination) =>
        destination.IsLoopback || _direct.Any(rule => IsDirect(destination, rule)) ? null
        : destination.Scheme == Uri.UriSchemeHttps ? _https
        : _http;

    // "example.com" is that host and those below it, as ".example.com" is; a port narrows it.
    private static bool IsDirect(Uri destination, string rule)
    {
        string[] parts = rule.TrimStart('*').Split(':');
        string host = parts[0].TrimStart('.');
        return rule == "*"
            || (host.Length > 0
                && (destination.Host.Equals(host, StringComparison.OrdinalIgnoreCase) || destination.Host.EndsWith("." + host, StringComparison.OrdinalIgnoreCase))
                && (parts.Length == 1 || parts[1] == destination.Port.ToString(CultureInfo.InvariantCulture)));
    }

    private static string? Variable(Func<string, string?> read, string name) =>
        read(name.ToLowerInvariant()) is { Length: > 0 } lower ? lower : read(name) is { Length: > 0 } upper ? upper : null;

    private static Uri? Address(string? text) =>
        text is not null && Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out Uri? proxy) ? proxy : null;
}
