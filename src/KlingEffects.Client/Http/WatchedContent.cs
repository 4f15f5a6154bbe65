using System.Net;

namespace KlingEffects.Http;

/// <summary>An answer's body of which each read has its time; whatever goes wrong in one becomes a <see cref="RequestFault"/>.</summary>
internal sealed class WatchedContent(HttpContent content, IdleTimeout idle, Func<Exception, RequestFault> explain) : HttpContent
{
    private readonly CancellationTokenRegistration _abort = HttpHandlers.AbortOn(content, idle.Token);

    protected override async Task<Stream> CreateContentReadStreamAsync() =>
        new WatchedStream(this, await HttpHandlers.ReadStreamAsync(content, idle.Token).ConfigureAwait(false));

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        using Stream body = await CreateContentReadStreamAsync().ConfigureAwait(false);
        await body.CopyToAsync(stream).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = content.Headers.ContentLength ?? 0;
        return content.Headers.ContentLength is not null;
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

    private async Task<int> ReadAsync(Stream body, byte[] buffer, int offset, int count)
    {
        idle.Restart(Policy.StallTimeout);
        try
        {
            return await body.ReadBlockAsync(buffer, offset, count, idle.Token).ConfigureAwait(false);
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

    private sealed class WatchedStream(WatchedContent owner, Stream body) : ReadOnlyStream(body)
    {
        protected override Task<int> ReadNextAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            owner.ReadAsync(Inner, buffer, offset, count);
    }
}
