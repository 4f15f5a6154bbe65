using System.Net;
using KlingEffects.Http;

namespace KlingEffects.Binding;

internal static class ProxySource
{
    private static Tuple<(Uri Address, string? User, string? Domain, string? Password), IWebProxy>? _last;

    /// <summary>The named proxy, or null for the system's. Commands that name the same one share it and its connections.</summary>
    /// <exception cref="KlingException">InvalidRequest: a login without a proxy, or an invalid address.</exception>
    public static IWebProxy? Read(Uri? address, PSCredential? login)
    {
        login = login == PSCredential.Empty ? null : login;
        if (address is null)
        {
            return login is null ? null
                : throw new KlingException(
                    KlingErrorId.InvalidRequest, "-ProxyCredential is given without -Proxy.",
                    advice: "Name the proxy that the login is for with -Proxy.");
        }

        Uri proxy = Absolute(address);
        NetworkCredential? credential = login is null ? EnvironmentProxy.LoginIn(proxy) : login.GetNetworkCredential();
        KeyMask.Add(credential?.Password ?? "");
        (Uri, string?, string?, string?) named = (proxy, credential?.UserName, credential?.Domain, credential?.Password);
        if (_last is not { } last || last.Item1 != named)
        {
            _last = last = Tuple.Create(named, (IWebProxy)new WebProxy(proxy) { Credentials = credential });
        }

        return last.Item2;
    }

    // "proxy.example:8080" would be parsed with a scheme.
    private static Uri Absolute(Uri address)
    {
        string text = address.OriginalString.Trim();
        return text.Length > 0 && Uri.TryCreate(text.Contains("://") ? text : "http://" + text, UriKind.Absolute, out Uri? proxy)
            && (proxy.Scheme is "http" or "https" || proxy.Scheme.StartsWith("socks", StringComparison.Ordinal))
            ? proxy
            : throw new KlingException(
                KlingErrorId.InvalidRequest, $"-Proxy is no address of a proxy: '{ServerText.WithoutQuery(text)}'.",
                advice: "Give it as http://proxy.example:8080.");
    }
}
