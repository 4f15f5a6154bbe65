using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace KlingEffects.Tests.Images;

public sealed class ImageDigestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(128 * 1024)]
    [InlineData(300_001)]
    public async Task A_file_and_a_data_uri_of_the_same_bytes_have_one_digest(int length)
    {
        byte[] content = new byte[length];
        new Random(length).NextBytes(content);
        _folder.Write("a.jpg", content);
        byte[] ofFile = await Digest(ImageSource.Parse("a.jpg", _folder.Combine));
        byte[] ofData = await Digest(ImageSource.Parse("data:image/jpeg;base64," + Convert.ToBase64String(content)));
        Assert.Equal(ofFile, ofData);
        Assert.Equal(SHA256.HashData(content), ofFile[1..]);
    }

    [Fact]
    public async Task A_url_never_has_the_digest_of_a_file()
    {
        const string url = "https://host/a.jpg";
        _folder.Write("a.jpg", Encoding.UTF8.GetBytes(url));
        byte[] ofUrl = await Digest(ImageSource.Parse(url));
        Assert.NotEqual(await Digest(ImageSource.Parse("a.jpg", _folder.Combine)), ofUrl);
        Assert.NotEqual(await Digest(ImageSource.Parse(url + "?2")), ofUrl);
    }

    [Fact]
    public async Task A_missing_file_has_none()
    {
        KlingException error = await Assert.ThrowsAsync<KlingException>(() => Digest(ImageSource.Parse("no.jpg", _folder.Combine)));
        Assert.Equal(KlingErrorId.ImageNotFound, error.Id);
    }

    private static Task<byte[]> Digest(ImageSource image) => image.ComputeDigestAsync(TestContext.Current.CancellationToken);
}
