using KlingEffects.Images;
using Xunit;

namespace KlingEffects.Tests.Images;

public sealed class ImageParsingTests
{
    [Theory]
    [InlineData("https://host/a.jpg")]
    [InlineData("HTTP://host/a.jpg?sig=%2Fx+y%3D")]
    [InlineData("  https://host/a b.jpg\t")]
    public void A_url_goes_out_as_it_came(string text)
    {
        UrlImage image = Assert.IsType<UrlImage>(ImageSource.Parse(text));
        Assert.Equal(text.Trim(), image.Url);
    }

    [Theory]
    [InlineData("https://host/a.jpg")]
    [InlineData("http://127.0.0.1:8080/ä.jpg?x=[1]")]
    public void A_complete_url_passes(string text) => ImageSource.Parse(text).Check(skipImageCheck: false);

    [Theory]
    [InlineData("https://")]
    [InlineData("http://:80/a.jpg")]
    public void An_incomplete_url_is_an_invalid_request(string text)
    {
        KlingException error = Assert.Throws<KlingException>(() => ImageSource.Parse(text).Check(skipImageCheck: true));
        Assert.Equal(KlingErrorId.InvalidRequest, error.Id);
        Assert.EndsWith("is not a complete http(s) URL.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_url_with_a_blank_is_told_that_it_has_one()
    {
        KlingException error = Assert.Throws<KlingException>(() => ImageSource.Parse("http://host/a b.jpg?sig=secret").Check(skipImageCheck: true));
        Assert.Equal(KlingErrorId.InvalidRequest, error.Id);
        Assert.StartsWith("A URL holds a blank", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("'http://host/a%20b.jpg'.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_name_a_url_without_its_signature_and_credentials() =>
        Assert.Equal("https://host/a.jpg", ImageSource.Parse("https://user:secret@host/a.jpg?sig=secret#x").ToString());

    [Theory]
    [InlineData("a[1].jpg")]
    [InlineData(" spaces .jpg")]
    [InlineData("Zoë & 猫 *?.jpg")]
    [InlineData("./-x.jpg")]
    [InlineData("photos:a.jpg")]
    public void Anything_else_is_a_path_handed_literally_to_the_resolver(string text)
    {
        FileImage image = Assert.IsType<FileImage>(ImageSource.Parse(text, static path => "/resolved/" + path));
        Assert.Equal("/resolved/" + text, image.FullPath);
    }

    [Fact]
    public void Without_a_resolver_a_path_is_relative_to_the_process() =>
        Assert.Equal(Path.GetFullPath("a.jpg"), Assert.IsType<FileImage>(ImageSource.Parse("a.jpg")).FullPath);

    [Fact]
    public void A_file_uri_is_a_path_and_needs_no_resolver()
    {
        string path = Path.Combine(Path.GetTempPath(), "a b#[1].jpg");
        string uri = new Uri(path).AbsoluteUri.Replace("#", "%23", StringComparison.Ordinal);
        Assert.StartsWith("file://", uri, StringComparison.Ordinal);
        FileImage image = Assert.IsType<FileImage>(ImageSource.Parse(uri, static _ => throw new InvalidOperationException()));
        Assert.Equal(path, image.FullPath);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData(null)]
    public void A_blank_text_is_an_invalid_request(string? text) =>
        Assert.Equal(KlingErrorId.InvalidRequest, Assert.Throws<KlingException>(() => ImageSource.Parse(text!)).Id);

    [Fact]
    public void A_path_that_cannot_be_resolved_is_not_found()
    {
        KlingException error = Assert.Throws<KlingException>(
            () => ImageSource.Parse("q:/a.jpg", static _ => throw new NotSupportedException("Cannot find drive 'q'.")));
        Assert.Equal(KlingErrorId.ImageNotFound, error.Id);
        Assert.Equal("'q:/a.jpg' is no path of a file: Cannot find drive 'q'.", error.Message);
        Assert.Equal("q:/a.jpg", error.Target);
    }

    [Fact]
    public void Base64_text_without_its_prefix_is_not_dumped_as_a_path()
    {
        string text = Convert.ToBase64String(TestImages.Png(400, 400));
        KlingException error = Assert.Throws<KlingException>(() => ImageSource.Parse(text));
        Assert.Equal(KlingErrorId.InvalidRequest, error.Id);
        Assert.DoesNotContain(text.Substring(0, 20), error.Message, StringComparison.Ordinal);
        Assert.Contains("data:image/jpeg;base64,", error.RecommendedAction, StringComparison.Ordinal);
    }
}
