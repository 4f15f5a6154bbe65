using KlingEffects.Effects;
using Xunit;

namespace KlingEffects.Tests.Effects;

/// <summary>Counts what the whole process allocates, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(UploadMemoryTests), DisableParallelization = true)]
[Collection(nameof(UploadMemoryTests))]
public sealed class UploadMemoryTests : IDisposable
{
    private const long Bound = 8 * 1024 * 1024;
    private const int ImageSize = 10 * 1024 * 1024;

    private readonly TemporaryFolder _folder = new();
    private readonly RawServer _server = new();

    public UploadMemoryTests()
    {
        _folder.Write("a.png", TestImages.Png(400, 400, ImageSize, seed: 1));
        _folder.Write("b.png", TestImages.Png(400, 400, ImageSize, seed: 2));
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Two_images_of_10_MB_cost_little_more_than_two_urls()
    {
        await Allocated("https://h/a.jpg", "https://h/b.jpg");
        long urls = await Allocated("https://h/a.jpg", "https://h/b.jpg");
        long files = await Allocated("a.png", "b.png");
        Assert.InRange(files - urls, long.MinValue, Bound);
    }

    [Fact]
    public async Task The_same_file_in_ten_rows_costs_no_more()
    {
        await Allocated("a.png", "a.png");
        long total = 0;
        for (int row = 0; row < 10; row++)
        {
            total += await Allocated("a.png", "a.png");
        }

        Assert.InRange(total, 0, Bound);
    }

    private async Task<long> Allocated(params string[] images)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        EffectJob job = new() { Scene = "hug", Images = [.. images.Select(image => ImageSource.Parse(image, _folder.Combine))] };
        job.Check();
        EffectBody body = new(job);
        Task<RawRequest> receiving = _server.ReceiveAsync(keepBody: false);
        await Sending.PostAsync(_server.Uri, body);
        RawRequest request = await receiving;
        Assert.True(request.IsWhole);
        Assert.Equal(images[0] == "a.png", request.ContentLength > 2 * ImageSize);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
