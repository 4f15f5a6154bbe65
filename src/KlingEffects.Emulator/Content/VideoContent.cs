using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace KlingEffects.Emulator.Content;

/// <summary>
/// The bytes of one video: a playable MP4, then a <c>free</c> box that fills it up to any size with a pattern of its own.
/// Every block of the pattern begins with a stamp of the video and the block's number, so no two stretches of it are alike.
/// </summary>
internal sealed class VideoContent : IContent
{
    private const int BlockSize = 1 << 20;
    private const int StampSize = 16;
    private static readonly byte[] Sample = LoadSample();
    private static readonly Lazy<byte[]> Pattern = new(MakePattern);
    private readonly byte[] _head;
    private readonly ulong _seed;

    public VideoContent(string taskId, int index, long size)
    {
        Length = SizeOf(size);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{taskId}\n{index}"), digest);
        _seed = BinaryPrimitives.ReadUInt64LittleEndian(digest);
        _head = [.. Sample, .. FreeBoxHeader(Length - Sample.Length)];
        ETag = $"\"{Convert.ToHexStringLower(digest[..8])}-{Length:x}\"";
    }

    public long Length { get; }

    /// <summary>A strong validator: the same bytes, the same tag.</summary>
    public string ETag { get; }

    /// <summary>The size a video gets that is asked to have <paramref name="wanted"/> bytes: room for the MP4 and a stamp at least.</summary>
    public static long SizeOf(long wanted) => Math.Max(wanted, Sample.Length + 8 + StampSize);

    public ReadOnlyMemory<byte> At(long position)
    {
        if (position < _head.Length)
        {
            return _head.AsMemory((int)position);
        }

        (long block, long inBlock) = Math.DivRem(position - _head.Length, BlockSize);
        ReadOnlyMemory<byte> rest = inBlock < StampSize
            ? Stamp(block).AsMemory((int)inBlock)
            : Pattern.Value.AsMemory((int)((_seed % BlockSize) + (ulong)inBlock), BlockSize - (int)inBlock);
        long left = Length - position;
        return rest.Length > left ? rest[..(int)left] : rest;
    }

    private static byte[] FreeBoxHeader(long length)
    {
        byte[] header = new byte[length > uint.MaxValue ? 16 : 8];
        BinaryPrimitives.WriteUInt32BigEndian(header, header.Length == 16 ? 1 : (uint)length);
        "free"u8.CopyTo(header.AsSpan(4));
        if (header.Length == 16)
        {
            BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(8), length);
        }

        return header;
    }

    private static byte[] LoadSample()
    {
        using Stream resource = typeof(VideoContent).Assembly.GetManifestResourceStream("sample.mp4")!;
        byte[] bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }

    private static byte[] MakePattern()
    {
        byte[] pattern = new byte[2 * BlockSize];
        new Random(20261122).NextBytes(pattern);
        return pattern;
    }

    private byte[] Stamp(long block)
    {
        byte[] stamp = new byte[StampSize];
        BinaryPrimitives.WriteUInt64LittleEndian(stamp, _seed);
        BinaryPrimitives.WriteInt64LittleEndian(stamp.AsSpan(8), block);
        return stamp;
    }
}
