using System.Buffers.Binary;

namespace KlingEffects.Videos;

/// <summary>Looks whether the outermost boxes of an MP4 or QuickTime file fill it exactly, and are all that a film needs (ISO/IEC 14496-12, 4.2 and 8).</summary>
internal static class BoxWalk
{
    private const int MostBoxes = 65_536;
    private const int ShortHeader = 8;
    private const int LongHeader = 16;

    public static bool EndsWhole(PartialFile file)
    {
        byte[] header = new byte[LongHeader];
        bool hasIndex = false;
        bool hasMedia = false;
        long position = 0;
        for (int boxes = 0; position < file.Length && boxes < MostBoxes; boxes++)
        {
            int read = file.ReadAt(position, header);
            if (read < ShortHeader)
            {
                return false;
            }

            ReadOnlySpan<byte> type = header.AsSpan(4, 4);
            hasIndex |= type.SequenceEqual("moov"u8) || type.SequenceEqual("moof"u8);
            hasMedia |= type.SequenceEqual("mdat"u8);

            // A size of 0, a box that reaches to the end of the file, does not tell where that is.
            uint size = BinaryPrimitives.ReadUInt32BigEndian(header);
            ulong length = size == 1 ? BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(ShortHeader)) : size;
            if (length < ShortHeader || length > (ulong)(file.Length - position))
            {
                return false;
            }

            position += (long)length;
        }

        return hasIndex && hasMedia;
    }
}
