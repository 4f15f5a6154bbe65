namespace KlingEffects.Http;

/// <summary>A request with what the handlers of <see cref="HttpChain"/> need to know of it.</summary>
internal sealed class ClientRequest(HttpMethod method, Uri address) : HttpRequestMessage(method, address)
{
    /// <summary>What is sent: made into a content anew for each try.</summary>
    public RequestBody? Body { get; init; }

    /// <summary>Told of each try, or null.</summary>
    public RequestWatch? Watch { get; init; }

    /// <summary>Whether it goes without the key even to the API's own address: another host sent it there.</summary>
    public bool IsForeign { get; init; }
}
