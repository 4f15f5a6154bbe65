namespace KlingEffects.Videos.Containers;

/// <summary>Follows the elements of a WebM or Matroska file to its last byte (RFC 8794, RFC 9559), with or without sizes.</summary>
internal static class ElementWalk
{
    private const int MostElements = 4_000_000;
    private const int LongestHeader = 12;
    private const uint Header = 0x1A45DFA3;
    private const uint Segment = 0x18538067;
    private const uint Cluster = 0x1F43B675;
    private const uint Tracks = 0x1654AE6B;

    public static Wholeness Examine(VideoBytes video)
    {
        bool hasTracks = false;
        bool hasMedia = false;
        bool tellsEnd = false;
        long position = 0;
        long end = 0;
        for (int elements = 0; position < video.Length; elements++)
        {
            if (Read(video, position) is not { } element)
            {
                return video.Length - position < LongestHeader ? Wholeness.Incomplete : Wholeness.Broken;
            }

            if (elements == MostElements || (elements < 2 && element.Id != (elements == 0 ? Header : Segment))
                || (element.Size is null && element.Id is not (Segment or Cluster)))
            {
                return Wholeness.Broken;
            }

            hasTracks |= element.Id == Tracks;
            hasMedia |= element.Id == Cluster;
            if (element.Size > video.Length - element.Body)
            {
                return Wholeness.Incomplete;
            }

            if (element.Id == Segment)
            {
                tellsEnd = element.Size is not null;
                end = element.Body + (element.Size ?? 0);
            }

            // The elements inside a segment, or a cluster without a size, follow as siblings.
            position = element.Body + (element.Id == Segment ? 0 : element.Size ?? 0);
        }

        return position != video.Length || position < end || !hasTracks || !hasMedia ? Wholeness.Incomplete
            : tellsEnd ? Wholeness.Whole
            : Wholeness.Plausible;
    }

    // A size of all ones is unknown. Null: no complete header.
    private static (uint Id, long? Size, long Body)? Read(VideoBytes video, long position)
    {
        byte[] header = new byte[LongestHeader];
        int read = video.ReadAt(position, header);
        int idLength = LengthOf(header[0]);
        int sizeLength = idLength is > 0 and <= 4 && idLength < read ? LengthOf(header[idLength]) : 0;
        if (sizeLength == 0 || idLength + sizeLength > read)
        {
            return null;
        }

        ulong ones = (1UL << (7 * sizeLength)) - 1;
        ulong size = Number(header, idLength, sizeLength) & ones;
        return ((uint)Number(header, 0, idLength), size == ones ? null : (long)size, position + idLength + sizeLength);
    }

    private static ulong Number(byte[] bytes, int from, int count) =>
        bytes.Skip(from).Take(count).Aggregate(0UL, static (number, next) => (number << 8) | next);

    // The number of leading zero bits tells the number of bytes.
    private static int LengthOf(byte first) => Enumerable.Range(1, 8).FirstOrDefault(length => (first & (0x80 >> (length - 1))) != 0);
}
