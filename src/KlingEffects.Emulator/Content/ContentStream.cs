namespace KlingEffects.Emulator.Content;

/// <summary>A content as a seekable stream.</summary>
internal sealed class ContentStream(IContent content) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => content.Length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read = 0;
        while (read < buffer.Length && _position < content.Length)
        {
            ReadOnlySpan<byte> stretch = content.At(_position).Span;
            stretch = stretch[..Math.Min(stretch.Length, buffer.Length - read)];
            stretch.CopyTo(buffer[read..]);
            read += stretch.Length;
            _position += stretch.Length;
        }

        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => content.Length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
