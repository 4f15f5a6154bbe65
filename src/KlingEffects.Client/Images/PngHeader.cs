using System.Buffers.Binary;

namespace KlingEffects.Images;

/// <summary>PNG: a signature, and a first chunk IHDR that begins with width and height.</summary>
internal static class PngHeader
{
    private const int SizeOffset = 16;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> FirstChunk => [0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R'];

    public static bool Matches(ReadOnlySpan<byte> start) => start.StartsWith(Signature);

    /// <summary>Whether the chunks lead to the last one, IEND, and that is whole. What stands behind it is nobody's concern.</summary>
    public static bool HasEnd(Stream stream)
    {
        byte[] head = new byte[8];
        for (long at = Signature.Length; at + 12 <= stream.Length;)
        {
            stream.Position = at;
            int read = stream.Read(head, 0, head.Length);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(head);
            at += 12L + length;
            if (read < head.Length || at > stream.Length || head.AsSpan(4).SequenceEqual("IEND"u8))
            {
                return read == head.Length && at <= stream.Length;
            }
        }

        return false;
    }

    /// <summary>The size in pixels; zeros where the chunk is missing or cut off, or holds an impossible size.</summary>
    public static (int Width, int Height) ReadSize(ReadOnlySpan<byte> start)
    {
        if (start.Length < SizeOffset + 8 || !start.Slice(Signature.Length).StartsWith(FirstChunk))
        {
            return default;
        }

        int width = BinaryPrimitives.ReadInt32BigEndian(start.Slice(SizeOffset));
        int height = BinaryPrimitives.ReadInt32BigEndian(start.Slice(SizeOffset + 4));
        return width > 0 && height > 0 ? (width, height) : default;
    }
}
