namespace KlingEffects.Images;

/// <summary>An image by its first bytes: its kind, and of JPEG and PNG the size in pixels (or 0), and whether it is cut off.</summary>
internal readonly record struct ImageHeader(string Description, bool IsAccepted, int Width = 0, int Height = 0, bool IsCutOff = false)
{
    /// <summary>The documentation's "10MB", read as 10 × 1024 × 1024 bytes of the file.</summary>
    public const long LargestSize = 10 * ByteSize.Mega;

    private const int BlockSize = ByteSize.Kilo;
    private const int ShortestSide = 300;
    private const int PngSizeOffset = 16;
    private const byte JpegMarker = 0xFF;
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
    private static ReadOnlySpan<byte> FirstPngChunk => [0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R'];
    public bool HasSize => Width > 0 && Height > 0;

    /// <summary>Reads a seekable stream in small blocks, and skips what it can.</summary>
    public static ImageHeader Read(Stream stream)
    {
        ReadOnlySpan<byte> start = new BinaryReader(stream).ReadBytes(BlockSize);
        bool isPng = start.StartsWith(PngSignature);
        if (!isPng && !start.StartsWith((ReadOnlySpan<byte>)[JpegMarker, StartOfImage, JpegMarker]))
        {
            return new ImageHeader(FileSignature.Describe(start), false);
        }

        ImageHeader header = new(isPng ? "a PNG image" : "a JPEG image", true);
        if (stream.Length > LargestSize)
        {
            return header; // too large anyway: its header may be all metadata
        }

        stream.Position = 2;
        BufferedStream segments = new(stream, BlockSize);
        (int width, int height) = isPng ? PngSize(start) : JpegSize(segments);
        bool hasEnd = isPng ? HasPngEnd(stream) : HasJpegEnd(segments);
        bool isKnown = width > 0 && height > 0;
        return header with { IsCutOff = !hasEnd, Width = isKnown ? width : 0, Height = isKnown ? height : 0 };
    }

    // What the server would refuse. The bounds are symmetric, so an EXIF orientation changes nothing.
    public string? Problem(long size)
    {
        (int shortSide, int longSide) = (Math.Min(Width, Height), Math.Max(Width, Height));
        return !IsAccepted ? Description
            : size > LargestSize ? ByteSize.Describe(size)
            : !HasSize ? Description + " whose header is damaged or cut off"
            : IsCutOff && Description.Contains("PNG", StringComparison.Ordinal)
                ? Description + " that is cut off, for its last part (IEND) is missing"
            : shortSide < ShortestSide || longSide * 2L > shortSide * 5L ? FormattableString.Invariant($"{Width} x {Height} pixels")
            : null;
    }

    // The signature and the chunk IHDR, which begins with width and height.
    private static (int Width, int Height) PngSize(ReadOnlySpan<byte> start) =>
        start.Length >= PngSizeOffset + 8 && start.Slice(PngSignature.Length).StartsWith(FirstPngChunk)
            ? (Int32(start, PngSizeOffset), Int32(start, PngSizeOffset + 4)) : default;

    private static int Int32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32BigEndian(bytes.Slice(at));

    // Whether the chunks lead to a complete IEND. Anything may follow it.
    private static bool HasPngEnd(Stream stream)
    {
        byte[] head = new byte[8];
        for (long at = PngSignature.Length; at + 12 <= stream.Length;)
        {
            stream.Position = at;
            int read = stream.Read(head, 0, head.Length);
            at += 12L + BinaryPrimitives.ReadUInt32BigEndian(head);
            if (read < head.Length || at > stream.Length || head.AsSpan(4).SequenceEqual("IEND"u8))
            {
                return read == head.Length && at <= stream.Length;
            }
        }

        return false;
    }

    // Skips segments up to the start of frame, with the thumbnails in metadata.
    private static (int Width, int Height) JpegSize(BufferedStream segments)
    {
        while (true)
        {
            int marker = NextMarker(segments);
            if (marker is 0x01 or (>= 0xD0 and <= 0xD7))
            {
                continue; // a marker without a segment
            }

            int length = marker is >= 0xC0 and not (StartOfImage or EndOfImage or StartOfScan) ? NextUInt16(segments) : -1;
            if (length < 2)
            {
                return default;
            }

            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                segments.ReadByte();
                int height = NextUInt16(segments);
                return (NextUInt16(segments), height);
            }

            segments.Seek(length - 2, SeekOrigin.Current);
        }
    }

    // Whether a scan and the end marker follow the frame. A scan's data never contains the marker.
    private static bool HasJpegEnd(BufferedStream segments)
    {
        bool hasScan = false;
        int marker;
        while ((marker = NextMarker(segments)) >= 0 && !(hasScan && marker == EndOfImage))
        {
            hasScan |= marker == StartOfScan;
        }

        return marker >= 0;
    }

    // The marker's second byte, or -1. Bytes outside of segments are skipped, as by decoders.
    private static int NextMarker(BufferedStream segments)
    {
        int current = segments.ReadByte();
        while (current >= 0)
        {
            int next = segments.ReadByte();
            if (current == JpegMarker && next is not (0 or JpegMarker))
            {
                return next;
            }

            current = next;
        }

        return -1;
    }

    // Big-endian; -1 at the end of the file.
    private static int NextUInt16(BufferedStream segments)
    {
        int high = segments.ReadByte();
        int low = high < 0 ? -1 : segments.ReadByte();
        return low < 0 ? -1 : (high << 8) | low;
    }
}
