namespace KlingEffects.Http;

/// <summary>The way of every request, to the API and to the hosts of videos: a chain of handlers over the connections of the process. A
/// request is answered, or fails with a <see cref="RequestFault"/>, unless its caller gives up.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The handlers hold nothing; the connections are the process's.")]
internal sealed class HttpChain
{
    private readonly HttpMessageInvoker _handlers;
    private readonly ConnectionHandler _usual;

    public HttpChain(
        TimeProvider time, (Uri Address, string Key)? api = null, IWebProxy? proxy = null, HttpMessageHandler? connections = null)
    {
        _usual = new ConnectionHandler(proxy);
        HttpMessageHandler exchange = new IdleTimeoutHandler(time, _usual.ProxyFor) { InnerHandler = connections ?? _usual };
        _handlers = new(new HeadersHandler(api) { InnerHandler = new ExpectHandler(time) { InnerHandler = exchange } });
    }

    public Task<HttpResponseMessage> SendAsync(ClientRequest request, CancellationToken cancellationToken) =>
        _handlers.SendAsync(request, cancellationToken);

    /// <summary>Whether a proxy on the way reads the request, and so may answer in the API's place.</summary>
    public bool IsReadByProxy(Uri address) => address.Scheme == Uri.UriSchemeHttp
        && _usual.ProxyFor(address) is { } proxy && proxy.Scheme.StartsWith("http", StringComparison.Ordinal);
}

/// <summary>A request with what the chain's handlers need to know of it.</summary>
internal sealed class ClientRequest(HttpMethod method, Uri address) : HttpRequestMessage(method, address)
{
    public RequestWatch? Watch { get; init; }

    /// <summary>Whether it goes without the key even to the API's own address: another host sent it there.</summary>
    public bool IsForeign { get; init; }
}
