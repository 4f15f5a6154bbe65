namespace KlingEffects.Journal;

/// <summary>The lines of a file as bytes, one at a time, with bounded memory.</summary>
internal sealed class LineReader(Stream stream)
{
    /// <summary>No line of a journal is longer; what is longer is another kind of file.</summary>
    public const int Longest = 1 << 20;

    private byte[] _block = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>The number of the line last read, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Where the line last read ends in the file, with its line break.</summary>
    public long Ends { get; private set; }

    /// <summary>Whether the line last read lacks its line break, which only the last of a file can.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Reads the next line, without its line break; valid until the next call.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="InvalidDataException">The line is longer than any of a journal.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int searched = 0;
        while (true)
        {
            int found = _block.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                line = Take(searched + found, isOpen: false);
                return true;
            }

            searched = _end - _start;
            if (!Fill())
            {
                line = searched > 0 ? Take(searched, isOpen: true) : default;
                return searched > 0;
            }
        }
    }

    private ReadOnlySpan<byte> Take(int length, bool isOpen)
    {
        ReadOnlySpan<byte> line = _block.AsSpan(_start, length);
        int taken = length + (isOpen ? 0 : 1);
        _start += taken;
        Number++;
        Ends += taken;
        IsOpen = isOpen;
        return line;
    }

    private bool Fill()
    {
        int kept = _end - _start;
        if (kept > Longest)
        {
            Number++;
            throw new InvalidDataException($"it is longer than {Longest} bytes");
        }

        if (_start > 0)
        {
            Buffer.BlockCopy(_block, _start, _block, 0, kept);
        }
        else if (kept == _block.Length)
        {
            Array.Resize(ref _block, _block.Length * 2);
        }

        _start = 0;
        _end = kept;
        int read = stream.Read(_block, _end, _block.Length - _end);
        _end += read;
        return read > 0;
    }
}
