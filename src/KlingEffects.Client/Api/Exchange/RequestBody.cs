using System.Net;
using KlingEffects.Http;
using KlingEffects.Policies;

namespace KlingEffects.Api.Exchange;

/// <summary>A request body that knows whether it began to leave, and leaves at most once.</summary>
internal abstract class RequestBody : HttpContent
{
    /// <summary>Whether a byte of it may have left.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Whether all of it may have left: only then can the server have had a whole request.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Why the body could not be written whole; the server then never had a complete request.</summary>
    public KlingException? Failure { get; private set; }

    /// <summary>Once it is cancelled, no request becomes whole.</summary>
    public CancellationToken Stop { get; set; }

    /// <summary>Told of every write, so that a slow upload is not taken for a stalled one.</summary>
    public IdleTimeout? Idle { get; set; }

    /// <summary>Whether the server is asked for leave before the body is sent.</summary>
    public bool IsExpected { get; set; }

    /// <summary>The bound between two writes.</summary>
    public HttpTimeouts Timeouts { get; set; } = new();

    protected sealed override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        if (HasBegun)
        {
            throw new InvalidOperationException("A paid request leaves once.");
        }

        HasBegun = true;
        using Upload upload = Upload.Begin(Idle?.Time ?? TimeProvider.System, IsExpected);
        try
        {
            await WriteAsync(stream, Idle?.Token ?? default).ConfigureAwait(false);
            // What the client still holds back is a part of the upload, too: it may get stuck like the rest.
            await stream.FlushAsync(Idle?.Token ?? default).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            Failure = fault as KlingException;
            IsComplete |= upload.MayHaveBeenTaken;
            stream.Abandon();
            throw;
        }

        IsComplete = !upload.IsRefused;
        Idle?.Restart(Timeouts.Answer);
    }

    /// <summary>Writes the body; calls <see cref="Wrote"/> after each block, and <see cref="Completing"/> before the last.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="cancellationToken">Cancelled when the upload stalls or the caller gives up.</param>
    protected abstract Task WriteAsync(Stream stream, CancellationToken cancellationToken);

    /// <summary>What is written from now on makes the request whole.</summary>
    /// <exception cref="OperationCanceledException">It is to stop, and has not become whole.</exception>
    protected void Completing()
    {
        // Whoever stops looks at IsComplete after cancelling: with a fence on both sides one of the two sees the other.
        IsComplete = true;
        Interlocked.MemoryBarrier();
        IsComplete = !Stop.IsCancellationRequested;
        Stop.ThrowIfCancellationRequested();
    }

    protected void Wrote() => Idle?.Restart(Timeouts.Stall);
}
