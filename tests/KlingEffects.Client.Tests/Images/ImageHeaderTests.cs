using FsCheck;
using FsCheck.Fluent;
using KlingEffects.Images;
using Xunit;

namespace KlingEffects.Tests.Images;

public sealed class ImageHeaderTests
{
    private static readonly byte[][] Real =
    [
        TestImages.Png(400, 300),
        TestImages.Jpeg(400, 300),
        TestImages.Jpeg(400, 300, TestImages.Exif(6, TestImages.Jpeg(160, 120))),
        TestImages.Jpeg(400, 300, TestImages.Segment(0xE2, new byte[65_000]), TestImages.Segment(0xFE, "note"u8.ToArray())),
    ];

    public static TheoryData<int> EachReal => [.. Enumerable.Range(0, Real.Length)];

    [Theory]
    [MemberData(nameof(EachReal))]
    public void The_size_is_read_from_a_few_blocks(int index)
    {
        using CountingStream stream = new(Real[index]);
        ImageHeader header = ImageHeader.Read(stream);
        Assert.Equal((400, 300), (header.Width, header.Height));
        Assert.InRange(stream.BytesRead, 1, 8 * 1024);
    }

    [Theory]
    [MemberData(nameof(EachReal))]
    public void One_byte_at_a_time_gives_the_same(int index)
    {
        using CountingStream stream = new(Real[index], mostPerRead: 1);
        ImageHeader header = ImageHeader.Read(stream);
        Assert.Equal((400, 300), (header.Width, header.Height));
    }

    [Theory]
    [MemberData(nameof(EachReal))]
    public void Cut_off_at_every_byte_it_is_whole_or_said_to_be_cut_off(int index)
    {
        byte[] real = Real[index];
        for (int length = 0; length < real.Length; length++)
        {
            ImageHeader header = Read(real[..length]);
            Assert.True(header is { Width: 0, Height: 0 } or { Width: 400, Height: 300 }, $"{header} at {length}");
        }
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xD9 })]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xE1, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xE1, 0, 0, 0xFF, 0xC0, 0, 11, 8, 1, 0, 1, 0, 1, 1, 0x11, 0 })]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xE1, 0, 1, 0xFF, 0xC0, 0, 11, 8, 1, 0, 1, 0, 1, 1, 0x11, 0 })]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 0xFF, 0xC0, 0, 11, 8, 1, 0, 1, 0, 1, 1, 0x11, 0 })]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xC4, 0, 9, 8, 1, 0, 1, 0, 1, 1 })]
    public void A_jpeg_without_a_frame_in_order_has_no_size(byte[] content) => Assert.False(Read(content).HasSize);

    [Fact]
    public void Fill_bytes_and_stray_bytes_between_segments_are_passed_over() =>
        Assert.Equal(400, Read(TestImages.Jpeg(400, 300, [0xFF, 0xFF, 0xFF], [0xFF, 0xD0], [0x12, 0x34, 0xFF, 0x00])).Width);

    [Theory]
    [InlineData(0xC1)]
    [InlineData(0xC2)]
    [InlineData(0xCF)]
    public void Every_kind_of_frame_tells_the_size(byte marker)
    {
        byte[] jpeg = TestImages.Jpeg(400, 300);
        jpeg[jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]) + 1] = marker;
        Assert.Equal(400, Read(jpeg).Width);
    }

    [Fact]
    public void A_png_with_an_impossible_size_has_none()
    {
        byte[] png = TestImages.Png(400, 300);
        png[16] = 0x80;
        Assert.False(Read(png).HasSize);
    }

    [Fact]
    public void Ten_megabytes_of_metadata_are_stepped_over()
    {
        byte[] jpeg = TestImages.Jpeg(400, 300, [.. Enumerable.Repeat(TestImages.Segment(0xE1, new byte[65_533]), 159)]);
        using CountingStream stream = new(jpeg);
        Assert.Equal(400, ImageHeader.Read(stream).Width);
        Assert.InRange(stream.BytesRead, 1, 256 * 1024);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xE0, 0, 2 }, 12_000_000, 1024)]
    [InlineData(new byte[] { 0xFF }, 12_000_000, 1024)]
    [InlineData(new byte[] { 0 }, 12_000_000, 1024)]
    [InlineData(new byte[] { 0xFF, 0xE0, 0, 2 }, 10_000_000, ImageHeader.LargestSize)]
    [InlineData(new byte[] { 0xFF }, 10_000_000, ImageHeader.LargestSize)]
    [InlineData(new byte[] { 0 }, 10_000_000, ImageHeader.LargestSize)]
    public void A_header_without_end_is_given_up(byte[] repeated, int length, long most)
    {
        byte[] endless = [0xFF, 0xD8, 0xFF, .. Enumerable.Repeat(repeated, length / repeated.Length).SelectMany(static bytes => bytes)];
        using CountingStream stream = new(endless);
        Assert.False(ImageHeader.Read(stream).HasSize);
        Assert.InRange(stream.BytesRead, 1, most);
    }

    [Fact]
    public void Mutated_headers_end_in_bounds()
    {
        Gen<byte[]> mutated =
            from seed in Gen.Elements(Real)
            from edits in Gen.Elements(0, 1, 2, 5, 40).SelectMany(static count => Edit.ListOf(count))
            select edits.Aggregate((byte[])[.. seed.Take(4096)], static (bytes, edit) => edit(bytes));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20_000).WithQuietOnSuccess(true), Prop.ForAll(mutated.ToArbitrary(), EndsInBounds));
    }

    [Fact]
    public void Random_bytes_end_in_bounds()
    {
        Gen<byte[]> random =
            from start in Gen.Elements<byte[]>([], [0xFF, 0xD8, 0xFF], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [0, 0, 0, 8])
            from rest in Gen.Choose(0, 255).Select(static value => (byte)value).ArrayOf()
            select (byte[])[.. start, .. rest];
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20_000).WithQuietOnSuccess(true), Prop.ForAll(random.ToArbitrary(), EndsInBounds));
    }

    private static Gen<Func<byte[], byte[]>> Edit =>
        from kind in Gen.Choose(0, 3)
        from place in Gen.Choose(0, 4095)
        from value in Gen.Elements<byte>(0, 1, 2, 0x7F, 0x80, 0xC0, 0xC4, 0xD8, 0xD9, 0xDA, 0xE1, 0xFE, 0xFF)
        select new Func<byte[], byte[]>(bytes => (kind, bytes.Length) switch
        {
            (_, 0) => bytes,
            (0, _) => [.. bytes.Take(place)],
            (1, _) => [.. bytes.Take(place % bytes.Length), value, .. bytes.Skip(place % bytes.Length)],
            (2, _) => [.. bytes.Take(place % bytes.Length), .. bytes.Skip((place % bytes.Length) + value)],
            _ => [.. bytes.Select((old, i) => i == place % bytes.Length ? value : old)],
        });

    private static bool EndsInBounds(byte[] content)
    {
        using CountingStream stream = new(content);
        ImageHeader header = ImageHeader.Read(stream);
        return header is { Width: >= 0, Height: >= 0, Description.Length: > 0 }
            && (header.IsAccepted || !header.HasSize)
            && stream.BytesRead <= ImageHeader.LargestSize
            && stream.Reads <= content.Length + 2;
    }

    private static ImageHeader Read(byte[] content)
    {
        using CountingStream stream = new(content);
        return ImageHeader.Read(stream);
    }
}
