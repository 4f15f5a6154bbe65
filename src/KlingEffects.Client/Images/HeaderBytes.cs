namespace KlingEffects.Images;

/// <summary>The bytes of a header, in small blocks and at most so many; what is skipped is not read.</summary>
internal sealed class HeaderBytes(Stream stream)
{
    /// <summary>The most that is read: a header may be all metadata, in segments as short as a block.</summary>
    public const int Budget = (int)ImageHeader.LargestSize;

    private const int BlockSize = ByteSize.Kilo;

    private readonly byte[] _block = new byte[BlockSize];
    private int _position;
    private int _filled;
    private int _spent;

    public ReadOnlySpan<byte> Peek()
    {
        while (_filled < BlockSize && Refill(_filled))
        {
        }

        return _block.AsSpan(0, _filled);
    }

    /// <summary>The next byte, or -1 where the stream or the budget ends.</summary>
    public int Next() => _position == _filled && !Refill(0) ? -1 : _block[_position++];

    /// <summary>The next two bytes as a number, most significant first, or -1.</summary>
    public int NextUInt16()
    {
        int high = Next();
        int low = Next();
        return high < 0 || low < 0 ? -1 : (high << 8) | low;
    }

    public void Skip(int count)
    {
        int buffered = Math.Min(count, _filled - _position);
        _position += buffered;
        if (count > buffered)
        {
            stream.Seek(count - buffered, SeekOrigin.Current);
        }
    }

    private bool Refill(int keep)
    {
        int read = stream.Read(_block, keep, Math.Min(BlockSize - keep, Budget - _spent));
        _spent += read;
        _position = keep == 0 ? 0 : _position;
        _filled = keep + read;
        return read > 0;
    }
}
