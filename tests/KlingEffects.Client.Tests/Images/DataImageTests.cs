using KlingEffects.Images;
using Xunit;

namespace KlingEffects.Tests.Images;

public sealed class DataImageTests
{
    private static readonly byte[] Png = TestImages.Png(400, 300, length: 5001);

    private static string Base64 => Convert.ToBase64String(Png);

    public static TheoryData<string> Spellings =>
    [
        "data:image/png;base64," + Base64,
        " DATA:image/png;charset=x;BASE64," + Base64 + "\n",
        "data:;base64," + Base64.TrimEnd('='),
        "data:image/jpeg;base64,\r\n" + string.Join("\r\n", Base64.Chunk(76).Select(static line => new string(line))),
        "data:image/png;base64," + Uri.EscapeDataString(Base64),
    ];

    [Theory]
    [MemberData(nameof(Spellings))]
    public void The_content_is_decoded_whatever_the_spelling(string uri)
    {
        DataImage image = Assert.IsType<DataImage>(ImageSource.Parse(uri));
        image.Check(skipImageCheck: false);
        using MemoryStream content = new();
        using (Stream source = image.Open())
        {
            source.CopyTo(content);
        }

        Assert.Equal(Png, content.ToArray());
    }

    [Theory]
    [InlineData("data:image/png,AAAA", "'data:image/png;… (19 bytes)' does not say that its content is base64 text.")]
    [InlineData("data:image/png;base64", "'data:… (21 bytes)' does not say that its content is base64 text.")]
    [InlineData("data:image/png;base64,A*BC", "'data:image/png;… (4 bytes)' holds no valid base64 text.")]
    [InlineData("data:image/png;base64,AAAAA", "'data:image/png;… (5 bytes)' holds no valid base64 text.")]
    [InlineData("data:image/png;base64,AA=A", "'data:image/png;… (4 bytes)' holds no valid base64 text.")]
    [InlineData("data:image/png;base64,AAA%3", "'data:image/png;… (5 bytes)' holds no valid base64 text.")]
    [InlineData("data:image/png;base64,AAA%zz", "'data:image/png;… (6 bytes)' holds no valid base64 text.")]
    [InlineData("data:image/png;base64,ÄÄÄÄ", "'data:image/png;… (4 bytes)' holds no valid base64 text.")]
    [InlineData("data:image/png;base64, ", "'data:image/png;… (0 bytes)' is empty.")]
    public void What_cannot_be_decoded_is_named_and_not_dumped(string uri, string message)
    {
        KlingException error = Assert.Throws<KlingException>(() => ImageSource.Parse(uri));
        Assert.Equal(KlingErrorId.ImageInvalid, error.Id);
        Assert.Equal(message, error.Message);
        Assert.Contains("data:image/jpeg;base64,", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void The_content_is_checked_as_that_of_a_file()
    {
        string uri = "data:image/png;base64," + Convert.ToBase64String(TestImages.Png(338, 191, length: 11_600));
        KlingException error = Assert.Throws<KlingException>(() => ImageSource.Parse(uri).Check(skipImageCheck: false));
        Assert.Equal(KlingErrorId.ImageInvalid, error.Id);
        Assert.StartsWith("'data:image/png;… (12 kB)' is 338 x 191 pixels: the API takes", error.Message, StringComparison.Ordinal);
        ImageSource.Parse(uri).Check(skipImageCheck: true);
    }

    [Fact]
    public void A_long_or_hostile_media_type_is_not_shown() =>
        Assert.Equal("data:… (3 bytes)", ImageSource.Parse($"data:{new string('x', 1000)};base64,AAAA").ToString());
}
