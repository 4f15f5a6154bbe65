using System.Buffers.Binary;
using System.Security.Cryptography;

namespace KlingEffects.Emulator.Tests;

/// <summary>Bytes that begin as images do.</summary>
internal static class Pictures
{
    public static byte[] Png(int width, int height, int size = 2000)
    {
        byte[] png = Noise(size);
        ((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]).CopyTo(png);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        return png;
    }

    /// <summary>With what cameras put before the frame header: a big segment, a short one, and fill bytes.</summary>
    public static byte[] Jpeg(int width, int height, int size = 100_000)
    {
        byte[] jpeg = Noise(size);
        byte[] head = [0xFF, 0xD8, 0xFF, 0xE1, 0xFF, 0xFF];
        byte[] frame =
        [
            0xFF, 0xDD, 0, 4, 0, 8, 0xFF, 0xFF, 0xFF, 0xC4, 0, 3, 0, 0xFF, 0xC2, 0, 17, 8,
            (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 3,
        ];
        head.CopyTo(jpeg, 0);
        frame.CopyTo(jpeg, 4 + 0xFFFF);
        return jpeg;
    }

    public static byte[] Noise(int size)
    {
        byte[] bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
