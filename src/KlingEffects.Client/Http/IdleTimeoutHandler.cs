using System.Globalization;
using KlingEffects.Policies;

namespace KlingEffects.Http;

/// <summary>Gives up an exchange in which nothing has happened for too long, from the first byte that is sent to the last that is read; whatever is thrown in it becomes a <see cref="RequestFault"/>.</summary>
internal sealed class IdleTimeoutHandler(HttpTimeouts timeouts, TimeProvider time, ProxyChoice proxies) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        RequestBody? body = (request as ClientRequest)?.Body;
        IdleTimeout idle = new(time, cancellationToken);
        body?.Report(idle, timeouts);
        // A body that has not begun by then never does: the server's leave to send it was lost on the way.
        TimeSpan begin = timeouts.Stall + Policy.ConnectTimeout;
        idle.Restart(body is null || begin > timeouts.Answer ? timeouts.Answer : begin);
        Uri address = request.RequestUri!;
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, idle.Token).ConfigureAwait(false);
            idle.Restart(Timeout.InfiniteTimeSpan);
            response.Content = new WatchedContent(response, idle, timeouts.Stall, fault => RequestFault.From(fault, address, proxies.For(address)));
            return response;
        }
        catch (Exception fault)
        {
            idle.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw idle.HasExpired ? new RequestFault(Silence(body), fault) { IsDropped = body?.Progress == BodyProgress.NotBegun }
                : RequestFault.From(fault, address, proxies.For(address), body is { Progress: not BodyProgress.NotBegun });
        }
    }

    private string Silence(RequestBody? body) => body?.Progress == BodyProgress.Begun
        ? string.Format(CultureInfo.InvariantCulture, "for {0:0} s no more was taken of a request of {1}", timeouts.Stall.TotalSeconds, ByteSize.Describe(body.Length))
        : "no answer came in time";
}
