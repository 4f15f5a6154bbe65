namespace KlingEffects.Http;

/// <summary>The handler chain of every request. It returns an answer or throws a <see cref="RequestFault"/>, unless cancelled.</summary>
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

    /// <summary>Whether a proxy reads the request (plain http) and so may answer instead of the API.</summary>
    public bool IsReadByProxy(Uri address) => address.Scheme == Uri.UriSchemeHttp
        && _usual.ProxyFor(address) is { } proxy && proxy.Scheme.StartsWith("http", StringComparison.Ordinal);
}

internal sealed class ClientRequest(HttpMethod method, Uri address) : HttpRequestMessage(method, address)
{
    public RequestWatch? Watch { get; init; }

    /// <summary>Whether the key is left out even at the API's own address, because another host redirected there.</summary>
    public bool IsForeign { get; init; }
}
