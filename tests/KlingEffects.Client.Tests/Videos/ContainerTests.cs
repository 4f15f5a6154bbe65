using System.Buffers.Binary;
using System.Text;
using KlingEffects.Videos.Containers;
using Xunit;

namespace KlingEffects.Tests.Videos;

/// <summary>What containers say of themselves: whole to the last byte, a part, or no video.</summary>
public sealed class ContainerTests
{
    private static readonly byte[] Ftyp = Box("ftyp", "isom\0\0\u0002\0");
    private static readonly byte[] Moov = Box("moov", "");
    private static readonly byte[] Media = Box("mdat", new string('m', 500));

    public static TheoryData<string, byte[], string> Films => new()
    {
        { "index first", [.. Ftyp, .. Moov, .. Media], nameof(Wholeness.Whole) },
        { "media first", [.. Ftyp, .. Media, .. Moov], nameof(Wholeness.Whole) },
        { "old QuickTime", [.. Box("wide", ""), .. Media, .. Moov], nameof(Wholeness.Whole) },
        { "64 bits", [.. Ftyp, .. Moov, .. LongBox("mdat", 500)], nameof(Wholeness.Whole) },
        { "filled up", [.. Ftyp, .. Moov, .. Media, .. Box("free", "123")], nameof(Wholeness.Whole) },
        { "fragments", [.. Ftyp, .. Moov, .. Box("moof", "1"), .. Media, .. Box("moof", "2"), .. Media], nameof(Wholeness.Plausible) },
        { "fragments and their index", [.. Ftyp, .. Moov, .. Box("moof", "1"), .. Media, .. Box("mfra", "1")], nameof(Wholeness.Whole) },
        { "fragments and zeros", [.. Ftyp, .. Moov, .. Box("moof", "1"), .. Media, .. new byte[40]], nameof(Wholeness.Broken) },
        { "a fragment without its media", [.. Ftyp, .. Moov, .. Box("moof", "1"), .. Media, .. Box("moof", "2")], nameof(Wholeness.Incomplete) },
        { "no media", [.. Ftyp, .. Moov], nameof(Wholeness.Incomplete) },
        { "no index", [.. Ftyp, .. Media], nameof(Wholeness.Incomplete) },
        { "half of the media", [.. Ftyp, .. Moov, .. Media[..250]], nameof(Wholeness.Incomplete) },
        { "half of 64 bits", [.. Ftyp, .. Moov, .. LongBox("mdat", 500)[..250]], nameof(Wholeness.Incomplete) },
        { "half of a header", [.. Ftyp, .. Media, 0, 0, 0], nameof(Wholeness.Incomplete) },
        { "bytes behind it", [.. Ftyp, .. Moov, .. Media, 0, 0, 0], nameof(Wholeness.Plausible) },
        { "bytes before its last chunk", [.. Ftyp, .. Chunks(4000), .. Media, .. new byte[40]], nameof(Wholeness.Broken) },
        { "one byte too few", [.. Ftyp, .. Moov, .. Media[..^1]], nameof(Wholeness.Incomplete) },
        { "a page behind it", [.. Ftyp, .. Moov, .. Media, .. "<html><body>Bad gateway</body></html>"u8], nameof(Wholeness.Incomplete) },
        { "zeros behind it", [.. Ftyp, .. Moov, .. Media, .. new byte[40]], nameof(Wholeness.Plausible) },
        { "media to the end", [.. Ftyp, .. Chunks(100), .. OpenBox("mdat", 500)], nameof(Wholeness.Plausible) },
        { "media to an end before its last chunk", [.. Ftyp, .. Chunks(4000), .. OpenBox("mdat", 500)], nameof(Wholeness.Incomplete) },
        { "a first of two media boxes", [.. Ftyp, .. Chunks(4000), .. Media], nameof(Wholeness.Incomplete) },
        { "an index to the end", [.. Ftyp, .. Media, .. OpenBox("moov", 30)], nameof(Wholeness.Broken) },
        { "a box smaller than its header", [.. Ftyp, 0, 0, 0, 4, .. "mdat"u8, .. new byte[20]], nameof(Wholeness.Broken) },
        { "a WebM", Matroska("webm", sized: true), nameof(Wholeness.Whole) },
        { "a Matroska", Matroska("matroska", sized: true), nameof(Wholeness.Whole) },
        { "a live WebM", Matroska("webm", sized: false), nameof(Wholeness.Plausible) },
        { "half a WebM", Matroska("webm", sized: true)[..80], nameof(Wholeness.Incomplete) },
        { "a WebM without its last byte", Matroska("webm", sized: true)[..^1], nameof(Wholeness.Incomplete) },
        { "a live WebM without its last byte", Matroska("webm", sized: false)[..^1], nameof(Wholeness.Incomplete) },
        { "a WebM and zeros", [.. Matroska("webm", sized: true), .. new byte[40]], nameof(Wholeness.Broken) },
    };

    [Theory]
    [MemberData(nameof(Films))]
    public void What_it_says_of_itself(string name, byte[] film, string expected)
    {
        using MemoryStream stream = new(film);
        Assert.Equal($"{name}: {expected}", $"{name}: {new VideoBytes(stream, "a.mp4").State}");
    }

    [Fact]
    public void No_bytes_break_the_walks()
    {
        Random random = new(25);
        foreach (byte[] film in (byte[][])[[.. Ftyp, .. Chunks(100), .. Media], Matroska("webm", sized: true), Matroska("matroska", sized: false)])
        {
            for (int round = 0; round < 3000; round++)
            {
                byte[] mutated = [.. film];
                for (int change = 0; change < 3; change++)
                {
                    mutated[random.Next(mutated.Length)] = (byte)(random.Next(3) == 0 ? 255 : random.Next(256));
                }

                using MemoryStream stream = new(mutated[..random.Next(1, mutated.Length + 1)]);
                _ = new VideoBytes(stream, "a.mp4").State;
            }
        }
    }

    [Theory]
    [InlineData("\0\0\0\u0018ftypmp42", "a.mp4", "a.mp4")]
    [InlineData("\0\0\0\u0018ftypM4V ", "a.M4V", "a.M4V")]
    [InlineData("\0\0\0\u0018moov\0\0\0\0", "a.mp4", "a.mov")]
    [InlineData("\u001A\u0045\u00DF\u00A3\u009F\u0042\u0082\u0084webm", "a.mp4", "a.webm")]
    [InlineData("\u001A\u0045\u00DF\u00A3\u009F\u0042\u0082\u0088matroska", "a.b.mp4", "a.b.mkv")]
    [InlineData("\u001A\u0045\u00DF\u00A3\u009F\u0042\u0082\u0084webm", "a.mkv", "a.mkv")]
    [InlineData("\u001A\u0045\u00DF\u00A3\u009F\u0042\u0082\u0084webm", "a.bin", "a.bin")]
    [InlineData("RIFF\u0001\u0001\u0001\u0001WAVE", "a.avi", null)]
    [InlineData("\0\0\0", "a.mp4", null)]
    public void The_content_gives_the_extension(string head, string name, string? expected) =>
        Assert.Equal(expected, VideoContainer.FromHead(Encoding.Latin1.GetBytes(head))?.NameFor(name));

    /// <summary>A small WebM or Matroska.</summary>
    /// <param name="kind">Its DocType.</param>
    /// <param name="sized">Whether its segment and clusters tell their sizes; live muxers' do not.</param>
    internal static byte[] Matroska(string kind, bool sized)
    {
        byte[] tracks = Element([0x16, 0x54, 0xAE, 0x6B], new byte[20]);
        byte[] blocks = [.. Element([0xE7], [1]), .. Element([0xA3], new byte[60]), .. Element([0xA3], new byte[60])];
        byte[] cluster = Element([0x1F, 0x43, 0xB6, 0x75], blocks, sized);
        return [.. Element([0x1A, 0x45, 0xDF, 0xA3], Element([0x42, 0x82], Encoding.ASCII.GetBytes(kind))), .. Element([0x18, 0x53, 0x80, 0x67], [.. tracks, .. cluster, .. cluster], sized)];
    }

    private static byte[] Element(byte[] id, byte[] content, bool sized = true) =>
        [.. id, .. sized ? (byte[])[0x40, (byte)content.Length] : [0x01, 255, 255, 255, 255, 255, 255, 255], .. content];

    private static byte[] Box(string type, string content) => [0, 0, (byte)((content.Length + 8) >> 8), (byte)(content.Length + 8), .. Encoding.Latin1.GetBytes(type + content)];

    private static byte[] Box(string type, byte[] content) => Box(type, Encoding.Latin1.GetString(content));

    private static byte[] OpenBox(string type, int length) => [0, 0, 0, 0, .. Encoding.Latin1.GetBytes(type), .. new byte[length]];

    private static byte[] LongBox(string type, int length)
    {
        byte[] box = [0, 0, 0, 1, .. Encoding.Latin1.GetBytes(type), .. new byte[8 + length]];
        BinaryPrimitives.WriteInt64BigEndian(box.AsSpan(8), box.Length);
        return box;
    }

    // An index whose last chunk of media begins there.
    private static byte[] Chunks(int offset)
    {
        byte[] table = Box("stco", [0, 0, 0, 0, 0, 0, 0, 1, .. BitConverter.GetBytes(offset).Reverse()]);
        return Box("moov", Box("trak", [.. Box("tkhd", ""), .. Box("mdia", Box("minf", Box("stbl", table)))]));
    }
}
