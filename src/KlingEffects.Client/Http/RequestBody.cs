namespace KlingEffects.Http;

/// <summary>How far a request's body got: only a server that may have had it whole can have carried the request out.</summary>
internal enum BodyProgress
{
    NotBegun,
    Begun,
    Whole,
}

/// <summary>What a request sends, and how far its last try got.</summary>
internal abstract class RequestBody : HttpContent
{
    private IdleTimeout? _idle;

    protected RequestBody() => Headers.ContentType = new("application/json");

    public abstract long Length { get; }
    public BodyProgress Progress { get; private set; }

    /// <summary>Why the body could not be written whole; the server then never had a complete request.</summary>
    public KlingException? Failure { get; private set; }

    /// <summary>Once it is cancelled, no request becomes whole.</summary>
    public CancellationToken Stop { get; init; }

    public Action? Beginning { get; set; }

    /// <summary>One more try begins. Every write is reported, so that a slow upload is not taken for a stalled one.</summary>
    public void Restart(IdleTimeout idle) => (Progress, _idle) = (BodyProgress.NotBegun, idle);

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
        _idle?.Restart(Policy.AnswerTimeout);
    }

    protected sealed override bool TryComputeLength(out long length)
    {
        length = Length;
        return true;
    }

    /// <summary>Nothing: .NET Framework's client disposes what it has sent, and it may have to leave once more.</summary>
    [SuppressMessage("Usage", "CA2215", Justification = "What is disposed can't be sent again.")]
    protected sealed override void Dispose(bool disposing)
    {
    }
}
