namespace KlingEffects.Http;

/// <summary>Aborts a request when no byte is sent or read for too long. Turns every exception into a <see cref="RequestFault"/>.</summary>
internal sealed class IdleTimeoutHandler(TimeProvider time, Func<Uri, Uri?> proxyFor) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        RequestBody? body = request.Content as RequestBody;
        RequestWatch? watch = (request as ClientRequest)?.Watch;
        watch?.Begin();
        IdleTimeout idle = new(time, cancellationToken);
        body?.Restart(idle);
        // A body that has not begun by then never will: the 100 Continue was lost.
        TimeSpan begin = Policy.StallTimeout + Policy.ConnectTimeout;
        idle.Restart(body is null || begin > Policy.AnswerTimeout ? Policy.AnswerTimeout : begin);
        Uri address = request.RequestUri!;
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, idle.Token).ConfigureAwait(false);
            idle.Restart(Timeout.InfiniteTimeSpan);
            HttpContent content = response.Content ?? new ByteArrayContent([]);
            Stream answer = await HttpHandlers.ReadStreamAsync(content, idle.Token).ConfigureAwait(false);
            response.Content = new StreamContent(new WatchedStream(content, answer, idle, fault => Explain(fault, address)));
            foreach (KeyValuePair<string, IEnumerable<string>> header in content.Headers)
            {
                response.Content.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }

            watch?.Answered((int)response.StatusCode);
            return response;
        }
        catch (Exception thrown)
        {
            idle.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            RequestFault fault = idle.HasExpired
                ? new RequestFault(Silence(body), thrown) { IsDropped = body?.Progress == BodyProgress.NotBegun }
                : Explain(thrown, address, body is { Progress: not BodyProgress.NotBegun });
            watch?.Failed(fault.Message, fault.Status);
            throw fault;
        }
    }

    private RequestFault Explain(Exception thrown, Uri address, bool hasBegun = false) =>
        RequestFault.From(thrown, address, proxyFor(address), hasBegun);

    private static string Silence(RequestBody? body) => body?.Progress != BodyProgress.Begun ? "no answer came in time"
        : $"for {Policy.StallTimeout.TotalSeconds:0} s no more was taken of a request of {ByteSize.Describe(body.Length)}";
}
