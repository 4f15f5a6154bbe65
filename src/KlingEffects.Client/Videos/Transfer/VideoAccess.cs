using System.Net;
using System.Net.Http.Headers;
using KlingEffects.Api.Exchange;
using KlingEffects.Http;

namespace KlingEffects.Videos;

/// <summary>How the hosts of videos are reached, and what a request to them has.</summary>
internal sealed record VideoAccess
{
    /// <summary>The client for every host; null for the process's own.</summary>
    public HttpClient? Client { get; init; }

    /// <summary>The proxy that the user names; null for the system's.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>What the client calls itself; null for its own name.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The API's address, to which a URL without a host belongs; null where there is none.</summary>
    public Uri? Base { get; init; }

    /// <summary>The key for an address; null for every one but the API's own scheme, host and port.</summary>
    public Func<Uri, AuthenticationHeaderValue?> KeyFor { get; init; } = static _ => null;

    /// <summary>Follows a request; null where nobody wants to know.</summary>
    public Func<Uri, RequestWatch?> Watch { get; init; } = static _ => null;

    public HttpClient ClientFor(Uri address) => Client ?? Transport.Videos.For(address, Proxy);
}
