namespace KlingEffects.Http;

/// <summary>Reports each request that leaves to its watch.</summary>
internal sealed class TraceHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        RequestWatch? watch = (request as ClientRequest)?.Watch;
        watch?.Begin();
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            watch?.Answered((int)response.StatusCode);
            return response;
        }
        catch (RequestFault fault)
        {
            watch?.Failed(fault.Message, fault.Status);
            throw;
        }
    }
}
