using System.Buffers.Binary;

namespace KlingEffects.Emulator.Specification;

/// <summary>Finds format and size of an image in its bytes as they come by, keeping a few of them only.</summary>
internal sealed class ImageHeader
{
    private const int PngHeaderSize = 24;
    private readonly byte[] _window = new byte[PngHeaderSize];
    private int _filled;
    private int _wanted = 8;
    private long _skip;
    private bool _done;

    /// <summary><c>png</c>, <c>jpeg</c>, or null for anything else.</summary>
    public string? Format { get; private set; }

    public int Width { get; private set; }

    public int Height { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!_done && !bytes.IsEmpty)
        {
            int step = (int)Math.Min(_skip, bytes.Length);
            _skip -= step;
            bytes = bytes[step..];
            int taken = Math.Min(_wanted - _filled, bytes.Length);
            bytes[..taken].CopyTo(_window.AsSpan(_filled));
            _filled += taken;
            bytes = bytes[taken..];
            if (_filled == _wanted)
            {
                Look();
            }
        }
    }

    private void Look()
    {
        if (Format is null)
        {
            Recognise();
        }
        else if (Format == "png")
        {
            (Width, Height) = (Number32(16), Number32(20));
            _done = true;
        }
        else
        {
            LookAtJpegMarker();
        }
    }

    private void Recognise()
    {
        if (_window.AsSpan(0, 8).SequenceEqual((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]))
        {
            Format = "png";
            _wanted = PngHeaderSize;
        }
        else if (_window is [0xFF, 0xD8, 0xFF, ..])
        {
            Format = "jpeg";
            Consume(2);
            _wanted = 9;
        }
        else
        {
            _done = true;
        }
    }

    // The window holds FF, the marker, the length of the segment and five bytes of its content: enough for a frame header.
    private void LookAtJpegMarker()
    {
        byte marker = _window[1];
        int length = BinaryPrimitives.ReadUInt16BigEndian(_window.AsSpan(2));
        if (_window[0] != 0xFF || marker == 0xFF)
        {
            Consume(1);
        }
        else if (marker is 0x00 or 0x01 or (>= 0xD0 and <= 0xD7))
        {
            Consume(2);
        }
        else if (marker == 0xDA || length < 2)
        {
            _done = true;
        }
        else if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
        {
            Height = BinaryPrimitives.ReadUInt16BigEndian(_window.AsSpan(5));
            Width = BinaryPrimitives.ReadUInt16BigEndian(_window.AsSpan(7));
            _done = true;
        }
        else
        {
            Consume(2 + length);
        }
    }

    private void Consume(int count)
    {
        int kept = Math.Max(0, _filled - count);
        _skip = Math.Max(0, count - _filled);
        _window.AsSpan(_filled - kept, kept).CopyTo(_window);
        _filled = kept;
    }

    private int Number32(int offset) => BinaryPrimitives.ReadInt32BigEndian(_window.AsSpan(offset));
}
