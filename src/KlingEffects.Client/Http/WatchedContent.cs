using System.Net;

namespace KlingEffects.Http;

/// <summary>An answer's body of which each read has its time; whatever goes wrong in one becomes a <see cref="RequestFault"/>.</summary>
internal sealed class WatchedContent : HttpContent
{
    private readonly HttpContent _content;
    private readonly IdleTimeout _idle;
    private readonly TimeSpan _stall;
    private readonly Func<Exception, RequestFault> _explain;
    private readonly CancellationTokenRegistration _abort;

    public WatchedContent(HttpResponseMessage response, IdleTimeout idle, TimeSpan stall, Func<Exception, RequestFault> explain)
    {
        _content = response.Content ?? new ByteArrayContent([]);
        _idle = idle;
        _stall = stall;
        _explain = explain;
        _abort = HttpHandlers.AbortOn(_content, idle.Token);
        foreach (KeyValuePair<string, IEnumerable<string>> header in _content.Headers)
        {
            Headers.TryAddWithoutValidation(header.Key, header.Value);
        }
    }

    protected override async Task<Stream> CreateContentReadStreamAsync() =>
        new WatchedStream(this, await WatchAsync(() => HttpHandlers.ReadStreamAsync(_content, _idle.Token)).ConfigureAwait(false));

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        using Stream body = await CreateContentReadStreamAsync().ConfigureAwait(false);
        await body.CopyToAsync(stream).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _content.Headers.ContentLength ?? 0;
        return _content.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _abort.Dispose();
            _content.Dispose();
            _idle.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<T> WatchAsync<T>(Func<Task<T>> step)
    {
        _idle.Restart(_stall);
        try
        {
            return await step().ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            _idle.Caller.ThrowIfCancellationRequested();
            throw _idle.HasExpired ? new RequestFault($"nothing came for {_stall.TotalSeconds:0} seconds", fault) : _explain(fault);
        }
        finally
        {
            _idle.Restart(Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class WatchedStream(WatchedContent content, Stream body) : ReadOnlyStream(body)
    {
        protected override Task<int> ReadNextAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            content.WatchAsync(async () => await Inner.ReadBlockAsync(buffer, offset, count, content._idle.Token).ConfigureAwait(false));
    }
}
