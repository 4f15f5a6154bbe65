namespace KlingEffects.Http;

/// <summary>Makes a <see cref="RequestFault"/> of whatever is thrown, except where the caller or the clock has given up.</summary>
internal sealed class FaultHandler(ProxyChoice proxies) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            Uri address = request.RequestUri!;
            bool hasBegun = request is ClientRequest { Body.Progress: not BodyProgress.NotBegun };
            throw RequestFault.From(fault, address, proxies.For(address), hasBegun);
        }
    }
}
