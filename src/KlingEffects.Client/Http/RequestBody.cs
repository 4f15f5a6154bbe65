using System.Net;

namespace KlingEffects.Http;

/// <summary>How far a request's body got: only a server that may have had it whole can have carried the request out.</summary>
internal enum BodyProgress
{
    NotBegun,
    Begun,
    Whole,
}

/// <summary>What a request sends, and how far its last try got. Each try has a content of its own, which leaves at most once.</summary>
internal abstract class RequestBody
{
    private IdleTimeout? _idle;
    private HttpTimeouts _timeouts = new();

    public abstract long Length { get; }

    public BodyProgress Progress { get; private set; }

    /// <summary>Why the body could not be written whole; the server then never had a complete request.</summary>
    public KlingException? Failure { get; private set; }

    /// <summary>Once it is cancelled, no request becomes whole.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Called when a try begins to write.</summary>
    public Action? Beginning { get; set; }

    /// <summary>The content of one more try. Every write is reported, so that a slow upload is not taken for a stalled one.</summary>
    public HttpContent CreateContent(IdleTimeout? idle = null, HttpTimeouts? timeouts = null)
    {
        (Progress, _idle, _timeouts) = (BodyProgress.NotBegun, idle, timeouts ?? _timeouts);
        return new Content(this);
    }

    /// <summary>Writes the body; calls <see cref="Wrote"/> after each block, and <see cref="Completing"/> before the last.</summary>
    protected abstract Task WriteAsync(Stream stream, CancellationToken cancellationToken);

    /// <summary>What is written from now on makes the request whole.</summary>
    /// <exception cref="OperationCanceledException">It is to stop, and has not become whole.</exception>
    protected void Completing()
    {
        // Whoever stops looks at Progress after cancelling: with a fence on both sides one of the two sees the other.
        Progress = BodyProgress.Whole;
        Interlocked.MemoryBarrier();
        Progress = Stop.IsCancellationRequested ? BodyProgress.Begun : BodyProgress.Whole;
        Stop.ThrowIfCancellationRequested();
    }

    protected void Wrote() => _idle?.Restart(_timeouts.Stall);

    private async Task SendAsync(Stream stream)
    {
        CancellationToken stalled = _idle?.Token ?? default;
        Progress = BodyProgress.Begun;
        Beginning?.Invoke();
        try
        {
            await WriteAsync(stream, stalled).ConfigureAwait(false);
            // What the client still holds back is a part of the upload, too: it may get stuck like the rest.
            await stream.FlushAsync(stalled).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            Failure = fault as KlingException;
            stream.Abandon();
            throw;
        }

        Progress = BodyProgress.Whole;
        _idle?.Restart(_timeouts.Answer);
    }

    private sealed class Content : HttpContent
    {
        private readonly RequestBody _body;
        private bool _hasBegun;

        public Content(RequestBody body)
        {
            _body = body;
            Headers.ContentType = new("application/json");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            if (_hasBegun)
            {
                throw new InvalidOperationException("A paid request leaves once.");
            }

            _hasBegun = true;
            return _body.SendAsync(stream);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Length;
            return true;
        }
    }
}
