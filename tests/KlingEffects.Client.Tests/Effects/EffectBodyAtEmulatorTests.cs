using System.Security.Cryptography;
using KlingEffects.Api.Exchange;
using KlingEffects.Effects;
using KlingEffects.Emulator;
using KlingEffects.Http;
using Xunit;

namespace KlingEffects.Tests.Effects;

/// <summary>The bodies as an independent reader of the specification judges them.</summary>
public sealed class EffectBodyAtEmulatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_kind_of_image_satisfies_the_specification_and_arrives_unchanged()
    {
        byte[] png = TestImages.Png(400, 300, length: 1_000_001);
        byte[] jpeg = TestImages.Jpeg(640, 480, TestImages.Exif(6, TestImages.Jpeg(160, 120)));
        _folder.Write("ana [1].png", png);
        _folder.Write("ben.jpg", jpeg);
        string data = "data:image/jpeg;base64," + Convert.ToBase64String(jpeg);
        await using KlingEmulator emulator = await KlingEmulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

        await Submit(emulator, "ana [1].png", "ben.jpg");
        await Submit(emulator, data, "https://host/b.jpg");
        await Submit(emulator, "ben.jpg");

        Assert.Empty(emulator.Violations);
        Assert.Equal(
            [Hash(png), Hash(jpeg), Hash(jpeg), null, Hash(jpeg)],
            emulator.Tasks.SelectMany(static task => task.Images).Select(static image => image.Sha256?.ToUpperInvariant()));
        Assert.Equal((640, 480), (emulator.Tasks[2].Images[0].Width, emulator.Tasks[2].Images[0].Height));
    }

    private static string Hash(byte[] content) => Convert.ToHexString(SHA256.HashData(content));

    private async Task Submit(KlingEmulator emulator, params string[] images)
    {
        EffectJob job = new()
        {
            Scene = images.Length == 1 ? "3d_cartoon_2" : "hug",
            Duration = 5,
            Images = [.. images.Select(image => ImageSource.Parse(image, _folder.Combine))],
        };
        job.Check();
        EffectBody body = new(job);
        Response response = await Sending.PostAsync(new Uri(emulator.BaseUri, "kling/v1/videos/effects"), body, emulator.ApiKey);
        Assert.Equal(200, response.Status);
    }
}
