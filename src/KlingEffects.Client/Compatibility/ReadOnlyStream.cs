#if !NETSTANDARD2_0
using System.Runtime.InteropServices;
#endif
namespace KlingEffects;

/// <summary>A stream that is read forwards, block by block.</summary>
internal abstract class ReadOnlyStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public sealed override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadNextAsync(buffer, offset, count, cancellationToken);

#if !NETSTANDARD2_0
    public sealed override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (MemoryMarshal.TryGetArray(buffer, out ArraySegment<byte> segment))
        {
            return await ReadNextAsync(segment.Array!, segment.Offset, segment.Count, cancellationToken).ConfigureAwait(false);
        }

        byte[] block = new byte[buffer.Length];
        int read = await ReadNextAsync(block, 0, block.Length, cancellationToken).ConfigureAwait(false);
        block.AsMemory(0, read).CopyTo(buffer);
        return read;
    }

#endif
    public override int Read(byte[] buffer, int offset, int count) => ReadNextAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected abstract Task<int> ReadNextAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken);
}
