namespace KlingEffects.Http;

/// <summary>How much of a request's body was sent: only a server that may have all of it can have executed the request.</summary>
internal enum BodyProgress
{
    NotBegun,
    Begun,
    Whole,
}

internal abstract class RequestBody : HttpContent
{
    private IdleTimeout? _idle;

    protected RequestBody() => Headers.ContentType = new("application/json");

    public abstract long Length { get; }
    public BodyProgress Progress { get; private set; }

    /// <summary>Why the body could not be written completely; the server then never got a complete request.</summary>
    public KlingException? Failure { get; private set; }

    /// <summary>Once this is cancelled, no request becomes complete.</summary>
    public CancellationToken Stop { get; init; }

    public Action? Beginning { get; set; }

    /// <summary>Starts a try. Every write restarts the timeout, so that a slow upload does not count as stalled.</summary>
    public void Restart(IdleTimeout idle) => (Progress, _idle) = (BodyProgress.NotBegun, idle);

    /// <summary>Writes the body; calls <see cref="Wrote"/> after each block, and <see cref="Completing"/> before the last.</summary>
    protected abstract Task WriteAsync(Stream stream, CancellationToken cancellationToken);

    /// <exception cref="OperationCanceledException">Stop was cancelled before the request was complete.</exception>
    protected void Completing()
    {
        // The stopper reads Progress after cancelling: with a fence on both sides, one of the two sees the other.
        Progress = BodyProgress.Whole;
        Interlocked.MemoryBarrier();
        Progress = Stop.IsCancellationRequested ? BodyProgress.Begun : BodyProgress.Whole;
        Stop.ThrowIfCancellationRequested();
    }

    protected void Wrote() => _idle?.Restart(Policy.StallTimeout);

    protected sealed override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        if (Progress != BodyProgress.NotBegun)
        {
            throw new InvalidOperationException("A paid request leaves once.");
        }

        CancellationToken stalled = _idle?.Token ?? default;
        Progress = BodyProgress.Begun;
        Beginning?.Invoke();
        try
        {
            await WriteAsync(stream, stalled).ConfigureAwait(false);
            // Buffered bytes are part of the upload and may stall too.
            await stream.FlushAsync(stalled).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            Failure = fault as KlingException;
            stream.Abandon();
            throw;
        }

        Progress = BodyProgress.Whole;
        _idle?.Restart(Policy.AnswerTimeout);
    }

    protected sealed override bool TryComputeLength(out long length)
    {
        length = Length;
        return true;
    }

    /// <summary>Does nothing: .NET Framework's client disposes a body that it has sent, and it may be sent once more.</summary>
    [SuppressMessage("Usage", "CA2215", Justification = "What is disposed can't be sent again.")]
    protected sealed override void Dispose(bool disposing)
    {
    }
}
