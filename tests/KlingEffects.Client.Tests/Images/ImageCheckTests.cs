using System.Diagnostics;
using System.Text;
using KlingEffects.Images;
using Xunit;

namespace KlingEffects.Tests.Images;

public sealed class ImageCheckTests : IDisposable
{
    private const string Allowed =
        "the API takes JPEG or PNG images of at most 10 MB, at least 300 pixels a side, in proportions from 1:2.5 to 2.5:1.";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(300, 300)]
    [InlineData(300, 750)]
    [InlineData(750, 300)]
    [InlineData(4000, 1601)]
    public void What_the_api_takes_passes(int width, int height)
    {
        Check(TestImages.Png(width, height));
        Check(TestImages.Jpeg(width, height));
    }

    [Theory]
    [InlineData(299, 300)]
    [InlineData(300, 299)]
    [InlineData(338, 191)]
    [InlineData(300, 751)]
    [InlineData(751, 300)]
    [InlineData(4000, 1599)]
    public void What_is_too_small_or_too_long_is_named_with_what_is_allowed(int width, int height)
    {
        string expected = $"is {width} x {height} pixels: {Allowed}";
        Assert.EndsWith(expected, Refuse(TestImages.Png(width, height)).Message, StringComparison.Ordinal);
        Assert.EndsWith(expected, Refuse(TestImages.Jpeg(width, height)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_names_the_file_as_it_was_given_and_targets_its_path()
    {
        string path = _folder.Write("shot [1].png", TestImages.Png(338, 191));
        KlingException error = Assert.Throws<KlingException>(() => ImageSource.Parse("shot [1].png", _folder.Combine).Check(false));
        Assert.Equal(KlingErrorId.ImageInvalid, error.Id);
        Assert.Equal($"'shot [1].png' is 338 x 191 pixels: {Allowed}", error.Message);
        Assert.Equal(path, error.Target);
        Assert.Contains("SkipImageCheck", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_megabytes_are_the_most()
    {
        const int limit = 10 * 1024 * 1024;
        Check(TestImages.Png(300, 300, limit));
        Assert.EndsWith($"is 10.1 MB: {Allowed}", Refuse(TestImages.Png(300, 300, limit + 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(8)]
    public void An_exif_orientation_and_thumbnail_change_no_verdict(byte orientation)
    {
        byte[] large = TestImages.Exif(orientation, TestImages.Jpeg(1000, 1000));
        byte[] small = TestImages.Exif(orientation, TestImages.Jpeg(160, 120));
        Check(TestImages.Jpeg(320, 800, small));
        Check(TestImages.Jpeg(800, 320, small));
        Assert.Contains("is 320 x 801 pixels", Refuse(TestImages.Jpeg(320, 801, large)).Message, StringComparison.Ordinal);
        Assert.Contains("is 801 x 320 pixels", Refuse(TestImages.Jpeg(801, 320, large)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GIF89a\u0001", "a GIF image")]
    [InlineData("RIFF\u0010\0\0\0WEBPVP8 ", "a WebP image")]
    [InlineData("\0\0\0\u0018ftypheic\0\0", "a HEIC image")]
    [InlineData("\0\0\0\u0018ftypmif1\0\0", "a HEIC image")]
    [InlineData("\0\0\0\u0018ftypavif\0\0", "an AVIF image")]
    [InlineData("\0\0\0\u0018ftypisom\0\0", "a video")]
    [InlineData("BM\u0010\u0020\0\0", "a BMP image")]
    [InlineData("II*\0\b\0\0\0", "a TIFF or camera raw image")]
    [InlineData("%PDF-1.7", "a PDF document")]
    [InlineData("\u00ef\u00bb\u00bf <!DOCTYPE html>", "a web page or other markup")]
    [InlineData("<?xml version='1.0'?><svg>", "an SVG image")]
    [InlineData("/9j/4AAQSkZJRg", "base64 text of a JPEG image, not the image itself")]
    [InlineData("hello", "neither a JPEG nor a PNG image")]
    [InlineData("\0", "neither a JPEG nor a PNG image")]
    [InlineData("\u00ff\u00d8\u00ff", "a JPEG image whose header is damaged or cut off")]
    [InlineData("\u0089PNG\r\n\u001a\n\0\0\0\rIHDR", "a PNG image whose header is damaged or cut off")]
    public void Another_kind_is_recognised_by_content_not_by_name(string content, string kind)
    {
        KlingException error = Refuse(Encoding.Latin1.GetBytes(content), "holiday.jpg");
        Assert.Equal($"'holiday.jpg' is {kind}: {Allowed}", error.Message);
    }

    [Fact]
    public void A_kind_is_known_by_content_not_by_name()
    {
        _folder.Write("really.gif", TestImages.Jpeg(400, 400));
        ImageSource.Parse("really.gif", _folder.Combine).Check(skipImageCheck: false);
    }

    [Fact]
    public void A_missing_file_says_where_it_was_looked_for()
    {
        KlingException error = Assert.Throws<KlingException>(() => ImageSource.Parse("no.jpg", _folder.Combine).Check(true));
        Assert.Equal(KlingErrorId.ImageNotFound, error.Id);
        Assert.Equal($"There is no image file 'no.jpg' (looked for '{_folder.Combine("no.jpg")}').", error.Message);
        Assert.Equal(_folder.Combine("no.jpg"), error.Target);
        KlingException whole = Assert.Throws<KlingException>(() => ImageSource.Parse(_folder.Combine("no/no.jpg")).Check(true));
        Assert.Equal($"There is no image file '{_folder.Combine("no/no.jpg")}'.", whole.Message);
    }

    [Fact]
    public void A_folder_is_no_image()
    {
        KlingException error = Assert.Throws<KlingException>(() => ImageSource.Parse(_folder.Path).Check(true));
        Assert.Equal(KlingErrorId.ImageInvalid, error.Id);
        Assert.Equal($"'{_folder.Path}' is a folder, not an image file.", error.Message);
        Assert.Contains("Name the files in it", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_empty_file_is_refused_even_unchecked(bool skipImageCheck)
    {
        _folder.Write("empty.jpg", []);
        KlingException error = Assert.Throws<KlingException>(() => ImageSource.Parse("empty.jpg", _folder.Combine).Check(skipImageCheck));
        Assert.Equal(KlingErrorId.ImageInvalid, error.Id);
        Assert.Equal("'empty.jpg' is empty, or no ordinary file.", error.Message);
    }

    [Fact]
    public void A_named_pipe_is_refused_without_waiting_for_its_writer()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "named pipes are no files on Windows");
        using (Process mkfifo = Process.Start("mkfifo", [_folder.Combine("pipe.jpg")]))
        {
            mkfifo.WaitForExit();
        }

        KlingException error = Assert.Throws<KlingException>(() => ImageSource.Parse("pipe.jpg", _folder.Combine).Check(true));
        Assert.Equal("'pipe.jpg' is empty, or no ordinary file.", error.Message);
    }

    [Fact]
    public void A_file_that_another_program_holds_is_said_to_be_unreadable()
    {
        string path = _folder.Write("held.jpg", TestImages.Jpeg(400, 400));
        using FileStream holder = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        KlingException error = Assert.Throws<KlingException>(() => ImageSource.Parse("held.jpg", _folder.Combine).Check(true));
        Assert.Equal(KlingErrorId.ImageInvalid, error.Id);
        Assert.StartsWith("'held.jpg' can't be read: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_is_judged_by_its_target()
    {
        _folder.Write("target.png", TestImages.Png(338, 191, length: 3000));
        try
        {
            File.CreateSymbolicLink(_folder.Combine("link.png"), _folder.Combine("target.png"));
        }
        catch (IOException) when (OperatingSystem.IsWindows())
        {
            Assert.Skip("this account may not create links");
        }

        ImageSource link = ImageSource.Parse("link.png", _folder.Combine);
        Assert.Contains("338 x 191", Assert.Throws<KlingException>(() => link.Check(false)).Message, StringComparison.Ordinal);
        Assert.Equal("<base64 of link.png, 3 kB>", link.ForWhatIf);
    }

    [Fact]
    public void Unchecked_the_content_is_left_to_the_server()
    {
        _folder.Write("note.txt", "hello"u8.ToArray());
        ImageSource.Parse("note.txt", _folder.Combine).Check(skipImageCheck: true);
    }

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1023, "1023 bytes")]
    [InlineData(1024, "1 kB")]
    [InlineData(1025, "2 kB")]
    [InlineData(1024 * 1024, "1 MB")]
    [InlineData((10 * 1024 * 1024) + 1, "10.1 MB")]
    public void Sizes_are_rounded_up(long bytes, string text) => Assert.Equal(text, ByteSize.Describe(bytes));

    private void Check(byte[] content)
    {
        _folder.Write("image", content);
        ImageSource.Parse("image", _folder.Combine).Check(skipImageCheck: false);
    }

    private KlingException Refuse(byte[] content, string name = "image")
    {
        _folder.Write(name, content);
        KlingException error = Assert.Throws<KlingException>(() => ImageSource.Parse(name, _folder.Combine).Check(skipImageCheck: false));
        Assert.Equal(KlingErrorId.ImageInvalid, error.Id);
        return error;
    }
}
