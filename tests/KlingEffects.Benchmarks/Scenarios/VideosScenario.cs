using KlingEffects.Benchmarks.Harness;

namespace KlingEffects.Benchmarks.Scenarios;

/// <summary>Many small videos, against a script.</summary>
internal sealed class VideosScenario : IScenario
{
    public string Name => "videos";

    public string Title => "200 videos of 5 MB, one query and one download each: to a file system in memory, to the disk, and there with 50 ms of latency an answer of the API";

    public async Task<IReadOnlyList<Table>> RunAsync(Bench bench)
    {
        SaveComparison saving = await SaveComparison.PrepareAsync(bench, bench.Options.Scaled(200), videoBytes: 5_000_000);
        Contender script = Contender.Script(
            "script, `Invoke-WebRequest` one after another", "save-sequential.ps1", ("Ids", saving.IdFile), ("Destination", Contender.Folder));
        Contender scriptAndSync = script with { Name = "the same, then `sync` of the files", Arguments = folder => script.Arguments(folder).Append("-Sync") };
        return
        [
            await saving.InMemoryAsync([script, saving.Module, saving.ModuleAfter(5, "module, the sixth time in its session (process and CPU of all six)")]),
            await saving.OnDiskAsync([script, scriptAndSync, saving.Module]),
            await saving.OnDiskAsync([script, saving.Module], latencyMilliseconds: 50),
        ];
    }
}
