using System.Diagnostics.CodeAnalysis;

namespace KlingEffects.Videos;

/// <summary>A stream of which the beginning was read already, and that counts what it gives.</summary>
[SuppressMessage("Performance", "CA1844", Justification = "Of the two frameworks one has no other overload.")]
internal sealed class PrefixedStream(byte[] prefix, Stream rest) : Stream
{
    /// <summary>How many bytes it has given.</summary>
    public long Taken { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => Taken; set => throw new NotSupportedException(); }

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        int read = (int)Math.Min(count, Math.Max(0, prefix.Length - Taken));
        if (read > 0)
        {
            Array.Copy(prefix, (int)Taken, buffer, offset, read);
        }
        else
        {
            read = await rest.ReadBlockAsync(buffer, offset, count, cancellationToken).ConfigureAwait(false);
        }

        Taken += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rest.Dispose();
        }

        base.Dispose(disposing);
    }
}
