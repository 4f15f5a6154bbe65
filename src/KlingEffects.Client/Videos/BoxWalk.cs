using System.Buffers.Binary;

namespace KlingEffects.Videos;

/// <summary>Looks whether the outermost boxes of an MP4 or QuickTime file fill it exactly (ISO/IEC 14496-12, 4.2).</summary>
internal static class BoxWalk
{
    private const int MostBoxes = 65_536;
    private const int ShortHeader = 8;
    private const int LongHeader = 16;

    public static bool EndsWhole(PartialFile file)
    {
        byte[] header = new byte[LongHeader];
        long position = 0;
        for (int boxes = 0; position < file.Length && boxes < MostBoxes; boxes++)
        {
            int read = file.ReadAt(position, header);
            if (read < ShortHeader)
            {
                return false;
            }

            uint size = BinaryPrimitives.ReadUInt32BigEndian(header);
            if (size == 0)
            {
                return true;
            }

            ulong length = size == 1 ? BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(ShortHeader)) : size;
            if (length < ShortHeader || length > (ulong)(file.Length - position))
            {
                return false;
            }

            position += (long)length;
        }

        return true;
    }
}
