namespace KlingEffects.Http;

/// <summary>An answer's body with a timeout for each read; every exception becomes a <see cref="RequestFault"/>.</summary>
internal sealed class WatchedStream(HttpContent content, Stream body, IdleTimeout idle, Func<Exception, RequestFault> explain)
    : ReadOnlyStream(body)
{
    private readonly CancellationTokenRegistration _abort = HttpHandlers.AbortOn(content, idle.Token);

    protected override async Task<int> ReadNextAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        idle.Restart(Policy.StallTimeout);
        try
        {
            return await Inner.ReadBlockAsync(buffer, offset, count, idle.Token).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            idle.Caller.ThrowIfCancellationRequested();
            throw idle.HasExpired
                ? new RequestFault($"nothing came for {Policy.StallTimeout.TotalSeconds:0} seconds", fault)
                : explain(fault);
        }
        finally
        {
            idle.Restart(Timeout.InfiniteTimeSpan);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _abort.Dispose();
            content.Dispose();
            idle.Dispose();
        }

        base.Dispose(disposing);
    }
}
