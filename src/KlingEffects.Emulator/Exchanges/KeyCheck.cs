using KlingEffects.Emulator.Recording;

namespace KlingEffects.Emulator.Exchanges;

/// <summary>Watches over the key: present as a bearer token at the API, and nowhere else.</summary>
internal static class KeyCheck
{
    private const string Scheme = "Bearer ";

    public static bool IsRight(Exchange exchange) => exchange.Request.Authorization == Scheme + exchange.State.Options.ApiKey;

    /// <summary>A wrong key is the user's mistake; one that is missing or in the wrong place is the client's.</summary>
    public static void Check(Exchange exchange)
    {
        RecordedRequest request = exchange.Request;
        string key = exchange.State.Options.ApiKey;
        string? allowedHeader = request.AtVideoHost ? null : "Authorization";
        if (request.AtVideoHost && request.Authorization is not null)
        {
            exchange.Breach("the video host was sent an Authorization header");
        }
        else if (!request.AtVideoHost && request.Authorization?.StartsWith(Scheme, StringComparison.Ordinal) != true)
        {
            exchange.Breach("there is no bearer token");
        }

        if ((request.Path + request.Query).Contains(key, StringComparison.Ordinal))
        {
            exchange.Breach("the key is in the URL");
        }

        CheckHeaders(exchange, allowedHeader);
    }

    /// <summary>The texts of a submit that are no images.</summary>
    public static void Check(Exchange exchange, string body)
    {
        if (body.Contains(exchange.State.Options.ApiKey, StringComparison.Ordinal))
        {
            exchange.Breach("the key is in the body");
        }
    }

    private static void CheckHeaders(Exchange exchange, string? allowedHeader)
    {
        RecordedRequest request = exchange.Request;
        string key = exchange.State.Options.ApiKey;
        foreach (string name in request.Headers.Where(header => header.Value.Contains(key, StringComparison.Ordinal)).Select(header => header.Key))
        {
            if (!name.Equals(allowedHeader, StringComparison.OrdinalIgnoreCase))
            {
                exchange.Breach($"the key is in the header {name}");
            }
        }
    }
}
