using System.Buffers.Binary;
using System.IO.Compression;

namespace KlingEffects.Tests;

/// <summary>Real images made on the spot: every decoder opens them, and they are as large as a test wants.</summary>
internal static class TestImages
{
    private static readonly byte[] PngSignature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcOf)];

    /// <summary>A grey PNG; a padding chunk that decoders ignore brings it to the length asked for.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="length">Of the file in bytes; 0 for the shortest. Too short a length is an error.</param>
    /// <param name="seed">Makes the padding, and so the file, another one.</param>
    public static byte[] Png(int width, int height, int length = 0, int seed = 0)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        using MemoryStream pixels = new();
        using (ZLibStream compressed = new(pixels, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] row = new byte[width + 1];
            row.AsSpan(1).Fill(0x80);
            for (int y = 0; y < height; y++)
            {
                compressed.Write(row);
            }
        }

        byte[] start = [.. PngSignature, .. Chunk("IHDR", header)];
        byte[] rest = [.. Chunk("IDAT", pixels.ToArray()), .. Chunk("IEND", [])];
        return [.. start, .. Padding(length - start.Length - rest.Length, seed), .. rest];
    }

    /// <summary>A grey baseline JPEG: two bits a block, all of them zero.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="before">Segments to stand before the frame, each made by <see cref="Segment"/>.</param>
    public static byte[] Jpeg(int width, int height, params byte[][] before)
    {
        int blocks = (width + 7) / 8 * ((height + 7) / 8);
        byte[] scan = new byte[(blocks + 3) / 4];
        scan[^1] |= (byte)(0xFF >> (((blocks - 1) % 4 * 2) + 2));
        byte[] quantisation = [0, .. Enumerable.Repeat((byte)1, 64)];
        byte[] oneCode = [1, .. new byte[15], 0];
        byte[] frame = [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0];
        return
        [
            0xFF, 0xD8,
            .. before.SelectMany(static segment => segment),
            .. Segment(0xDB, quantisation),
            .. Segment(0xC0, frame),
            .. Segment(0xC4, [0x00, .. oneCode]),
            .. Segment(0xC4, [0x10, .. oneCode]),
            .. Segment(0xDA, [1, 1, 0, 0, 63, 0]),
            .. scan,
            0xFF, 0xD9,
        ];
    }

    public static byte[] Segment(byte marker, byte[] content) =>
        [0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    /// <summary>An EXIF segment with an orientation, and a thumbnail that is a JPEG of its own.</summary>
    public static byte[] Exif(byte orientation, byte[] thumbnail)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, thumbnail.Length);
        const int thumbnailOffset = 8 + 2 + 12 + 4 + 2 + 24 + 4;
        return Segment(0xE1,
        [
            .. "Exif\0\0MM\0*\0\0\0\b"u8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 26,
            0, 2, 0x02, 0x01, 0, 4, 0, 0, 0, 1, 0, 0, 0, thumbnailOffset, 0x02, 0x02, 0, 4, 0, 0, 0, 1, .. length, 0, 0, 0, 0,
            .. thumbnail,
        ]);
    }

    private static byte[] Padding(int length, int seed)
    {
        if (length <= 0)
        {
            return [];
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(length, 12);
        byte[] content = new byte[length - 12];
        new Random(seed).NextBytes(content);
        return Chunk("teSt", content);
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] chunk = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        for (int i = 0; i < type.Length; i++)
        {
            chunk[4 + i] = (byte)type[i];
        }

        content.CopyTo(chunk, 8);
        uint crc = ~0u;
        foreach (byte b in chunk.AsSpan(4, content.Length + 4))
        {
            crc = CrcTable[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(content.Length + 8), ~crc);
        return chunk;
    }

    private static uint CrcOf(int index)
    {
        uint crc = (uint)index;
        for (int bit = 0; bit < 8; bit++)
        {
            crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }

        return crc;
    }
}
