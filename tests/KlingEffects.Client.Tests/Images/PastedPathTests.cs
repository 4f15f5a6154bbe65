using System.Text;
using KlingEffects.Images;

namespace KlingEffects.Tests.Images;

/// <summary>Paths as cells, mails and file managers hand them on.</summary>
public sealed class PastedPathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(" PATH")]
    [InlineData("PATH  ")]
    [InlineData("\u00A0PATH\u00A0")]
    [InlineData("\u3000PATH\t")]
    [InlineData("\uFEFFPATH")]
    [InlineData("\u202APATH")]
    [InlineData("PATH\u200B")]
    [InlineData("\"PATH\"")]
    [InlineData(" 'PATH' ")]
    [InlineData("\u201CPATH\u201D")]
    [InlineData("\u00ABPATH\u00BB")]
    public void Blanks_and_quotation_marks_around_a_path_are_no_part_of_it(string pattern)
    {
        string path = Write("a b.jpg");
        FileImage image = Parse(pattern.Replace("PATH", path, StringComparison.Ordinal));
        Assert.Equal((path, path), (image.FullPath, image.ToString()));
        using Stream opened = image.Open();
    }

    [Theory]
    [InlineData(" a.jpg")]
    [InlineData("a.jpg\u00A0")]
    [InlineData("'a.jpg'")]
    public void They_are_where_such_a_file_is_there(string name)
    {
        Write("a.jpg");
        string path = Write(name);
        Assert.Equal(path, Assert.IsType<FileImage>(ImageSource.Parse(name, text => Path.Combine(_folder.Path, text))).FullPath);
    }

    [Theory]
    [InlineData("no.jpg\u00A0", "'no.jpg[U+00A0]'")]
    [InlineData(" no.jpg", "' no.jpg'")]
    [InlineData("no.jpg\u3000 ", "'no.jpg[U+3000] '")]
    [InlineData("\"no.jpg\"", "'\"no.jpg\"'")]
    public void A_missing_file_is_named_so_that_the_blank_is_seen(string name, string quoted)
    {
        KlingException error = Assert.Throws<KlingException>(() => ImageSource.Parse(name, text => Path.Combine(_folder.Path, text)).Check(false));
        Assert.Equal(KlingErrorId.ImageNotFound, error.Id);
        Assert.Contains(quoted, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Größe.jpg")]
    [InlineData("été – œuvre.jpg")]
    [InlineData("“señor”.jpg")]
    [InlineData("猫.jpg")]
    public void A_name_read_in_another_encoding_tells_the_encoding_and_what_is_there(string name)
    {
        Write(name);
        KlingException error = Missing(Windows1252(Encoding.UTF8.GetBytes(name)));
        Assert.Contains("with UTF-8", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains($"'{name}' is there", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("РџСЂРёРІРµС‚.jpg", "with UTF-8")]
    [InlineData("Gr├Â├ƒe.jpg", "with UTF-8")]
    [InlineData("Gr\uFFFD\uFFFDe.jpg", "Windows-1252")]
    public void So_do_other_encodings(string name, string advice) => Assert.Contains(advice, Missing(name).RecommendedAction, StringComparison.Ordinal);

    [Theory]
    [InlineData("Größe.jpg")]
    [InlineData("Привет РС.jpg")]
    [InlineData("猫.jpg")]
    [InlineData("Âme.jpg")]
    [InlineData("plain.jpg")]
    public void A_name_that_is_right_is_not_doubted(string name) =>
        Assert.DoesNotContain("encoding", Missing(name).RecommendedAction, StringComparison.Ordinal);

    private KlingException Missing(string name) =>
        Assert.Throws<KlingException>(() => ImageSource.Parse(Path.Combine(_folder.Path, name)).Check(false));

    private static FileImage Parse(string text) => Assert.IsType<FileImage>(ImageSource.Parse(text));

    private string Write(string name)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllBytes(path, TestImages.Png(400, 400));
        return path;
    }

    // Its letters between 0x80 and 0x9F, by the Unicode consortium's table.
    private static string Windows1252(byte[] bytes)
    {
        const string High = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";
        return string.Concat(bytes.Select(static b => b is >= 0x80 and < 0xA0 ? High[b - 0x80] : (char)b));
    }
}
