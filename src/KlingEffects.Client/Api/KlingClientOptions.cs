using KlingEffects.Api.Exchange;

namespace KlingEffects;

/// <summary>How to reach the API.</summary>
public sealed class KlingClientOptions
{
    /// <summary>The API key. Never written anywhere; sent only to the host of <see cref="BaseUri"/>.</summary>
    public required string ApiKey { get; init; }

    /// <summary>Whose API it is; null for the one at whose host <see cref="BaseUri"/> is, else CometAPI.</summary>
    public KlingGatewayName? Gateway { get; init; }

    /// <summary>The API's address; null for the gateway's own, such as https://api.cometapi.com. A trailing /v1 is dropped.</summary>
    public Uri? BaseUri { get; init; }

    /// <summary>The proxy to go through, to the API and to the videos' hosts; the system's unless given.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>The clock by which everything waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal Random Random { get; init; } = Random.Shared;
    internal RequestTrace? Trace { get; init; }
}
