using KlingEffects.Benchmarks.Harness;

namespace KlingEffects.Benchmarks.Scenarios;

/// <summary>One large video, against curl.</summary>
internal sealed class VideoScenario : IScenario
{
    public string Name => "video";

    public string Title => "One video of 1 GiB over loopback: to a file system in memory, then to the disk";

    public async Task<IReadOnlyList<Table>> RunAsync(Bench bench)
    {
        long bytes = (long)bench.Options.Scaled(1024) << 20;
        SaveComparison saving = await SaveComparison.PrepareAsync(bench, tasks: 1, bytes);
        Contender curl = new("curl", Places.Program("curl"), folder => ["-sS", "-o", $"{folder}/video.mp4", saving.FirstUrl]);
        Contender curlAndSync = new(
            "curl, then `sync` of the file",
            Places.Program("sh"),
            folder => ["-c", "curl -sS -o \"$0/video.mp4\" \"$1\" && sync \"$0/video.mp4\"", folder, saving.FirstUrl]);
        return
        [
            await saving.InMemoryAsync([curl, saving.Module, saving.ModuleAfter(5, "module, the sixth time in its session (process and CPU of all six)")]),
            await saving.OnDiskAsync([curl, curlAndSync, saving.Module]),
        ];
    }
}
