namespace KlingEffects.Images;

/// <summary>JPEG: segments up to the start of frame. Metadata is stepped over, so a thumbnail in it is not taken for the image.</summary>
internal static class JpegHeader
{
    private const int MarkerPrefix = 0xFF;
    private const int StartOfImage = 0xD8;

    public static bool Matches(ReadOnlySpan<byte> start) => start.StartsWith((ReadOnlySpan<byte>)[MarkerPrefix, StartOfImage, MarkerPrefix]);

    /// <summary>The size in pixels; zeros where no frame begins within the bounds.</summary>
    public static (int Width, int Height) ReadSize(HeaderBytes bytes)
    {
        bytes.Skip(2);
        while (true)
        {
            int marker = NextMarker(bytes);
            if (IsStandalone(marker))
            {
                continue;
            }

            int length = HasSegment(marker) ? bytes.NextUInt16() : -1;
            if (length < 2)
            {
                return default;
            }

            if (IsStartOfFrame(marker))
            {
                bytes.Skip(1);
                int height = bytes.NextUInt16();
                int width = bytes.NextUInt16();
                return width > 0 && height > 0 ? (width, height) : default;
            }

            bytes.Skip(length - 2);
        }
    }

    /// <summary>Whether a scan follows, and then the end of the image, to be asked behind the frame. No data of a scan looks like that end.</summary>
    public static bool HasEnd(HeaderBytes bytes)
    {
        bool hasScan = false;
        for (int marker = NextMarker(bytes); marker >= 0; marker = NextMarker(bytes))
        {
            if (hasScan && marker == 0xD9)
            {
                return true;
            }

            hasScan |= marker == 0xDA;
        }

        return false;
    }

    /// <summary>The marker's second byte, or -1. Bytes that belong to no segment are passed over, as decoders do.</summary>
    private static int NextMarker(HeaderBytes bytes)
    {
        int current = bytes.Next();
        while (current >= 0)
        {
            int next = bytes.Next();
            if (current == MarkerPrefix && next is not (0 or MarkerPrefix))
            {
                return next;
            }

            current = next;
        }

        return -1;
    }

    private static bool IsStandalone(int marker) => marker is 0x01 or (>= 0xD0 and <= 0xD7);

    private static bool HasSegment(int marker) => marker is >= 0xC0 and not (StartOfImage or 0xD9 or 0xDA);

    private static bool IsStartOfFrame(int marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
}
