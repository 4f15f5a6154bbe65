namespace KlingEffects.Videos.Containers;

/// <summary>Follows the boxes of an MP4 or QuickTime file to its last byte (ISO/IEC 14496-12, 4.2 and 8).</summary>
internal static class BoxWalk
{
    private const int MostBoxes = 65_536;
    private const int ShortHeader = 8;
    private const int LongHeader = 16;

    private static readonly string[] WayToChunks = ["trak", "mdia", "minf", "stbl"];

    public static Wholeness Examine(VideoBytes video)
    {
        bool hasIndex = false;
        bool hasMedia = false;
        bool isFragmented = false;
        bool mayBeCut = false;
        long lastChunk = 0;
        long position = 0;
        for (int boxes = 0; position < video.Length; boxes++)
        {
            if (Read(video, position, video.Length) is not { } box)
            {
                // Players pass over what follows a complete video (taglib #1186).
                return hasIndex && hasMedia && !isFragmented && lastChunk < position ? Wholeness.Plausible
                    : video.Length - position < LongHeader ? Wholeness.Incomplete : Wholeness.Broken;
            }

            // Only media may have no size: an index without one may be cut off.
            bool isOpen = box.Size == 0;
            if (boxes == MostBoxes || (isOpen && box.Type != "mdat"))
            {
                return Wholeness.Broken;
            }

            if (box.Size > video.Length - position)
            {
                return Wholeness.Incomplete;
            }

            hasIndex |= box.Type == "moov";
            // Any fragment may be the last one, unless an index of them follows.
            isFragmented |= box.Type == "moof";
            mayBeCut = isOpen || (isFragmented && box.Type != "mfra");
            hasMedia = box.Type == "mdat" || (hasMedia && box.Type != "moof");
            lastChunk = box.Type == "moov" ? Math.Max(lastChunk, LastChunk(video, box.Body, position + box.Size, 0)) : lastChunk;
            position = isOpen ? video.Length : position + box.Size;
        }

        return !hasIndex || !hasMedia || lastChunk >= video.Length ? Wholeness.Incomplete
            : mayBeCut ? Wholeness.Plausible : Wholeness.Whole;
    }

    // The start of the last chunk by the index: a file that ends before it is a part, whatever its boxes say.
    private static long LastChunk(VideoBytes video, long position, long end, int depth)
    {
        long last = 0;
        for (int boxes = 0; boxes < MostBoxes && Read(video, position, end) is { Size: > 0 } box && box.Size <= end - position; boxes++)
        {
            position += box.Size;
            int size = box.Type == "co64" ? 8 : 4;
            last = Math.Max(
                last,
                depth < WayToChunks.Length ? box.Type == WayToChunks[depth] ? LastChunk(video, box.Body, position, depth + 1) : 0
                : box.Type is "stco" or "co64" && box.Size >= LongHeader + size ? Number(video, position, size)
                : 0);
        }

        return last;
    }

    private static long Number(VideoBytes video, long end, int size)
    {
        byte[] number = new byte[size];
        video.ReadAt(end - size, number);
        return size == 8 ? BinaryPrimitives.ReadInt64BigEndian(number) : BinaryPrimitives.ReadUInt32BigEndian(number);
    }

    // A size of 0 means to the end. Null: no complete header.
    private static (string Type, long Size, long Body)? Read(VideoBytes video, long position, long end)
    {
        byte[] header = new byte[LongHeader];
        int read = (int)Math.Min(video.ReadAt(position, header), end - position);
        uint size = BinaryPrimitives.ReadUInt32BigEndian(header);
        bool isLong = size == 1;
        int length = isLong ? LongHeader : ShortHeader;
        long all = isLong ? BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(ShortHeader)) : size;
        string type = Encoding.ASCII.GetString(header, 4, 4);
        return read < length || (all != 0 && all < length) || type.Any(static c => c < ' ') ? null : (type, all, position + length);
    }
}
