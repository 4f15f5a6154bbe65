using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;

namespace KlingEffects.Samples;

/// <summary>Writes pictures that every program can open, with nothing but the runtime.</summary>
internal static class PngFile
{
    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Writes a picture whose colours, red, green and blue from 0 to 1, a function gives.</summary>
    public static void Save(string path, int width, int height, Func<int, int, Vector3> colourAt)
    {
        byte[] header = [0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]; // 8 bits, red, green and blue
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);

        using FileStream file = File.Create(path);
        file.Write(Signature);
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Compress(width, height, colourAt));
        WriteChunk(file, "IEND"u8, []);
    }

    private static byte[] Compress(int width, int height, Func<int, int, Vector3> colourAt)
    {
        using MemoryStream compressed = new();
        using (ZLibStream pixels = new(compressed, CompressionLevel.Optimal))
        {
            for (int y = 0; y < height; y++)
            {
                pixels.WriteByte(0); // the row is not filtered
                for (int x = 0; x < width; x++)
                {
                    Vector3 colour = Vector3.Clamp(colourAt(x, y), Vector3.Zero, Vector3.One) * byte.MaxValue;
                    pixels.Write([(byte)colour.X, (byte)colour.Y, (byte)colour.Z]);
                }
            }
        }

        return compressed.ToArray();
    }

    private static void WriteChunk(FileStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        byte[] body = [.. type, .. content];
        byte[] number = new byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(body));
        file.Write(number);
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }

        return ~crc;
    }
}
