using KlingEffects.Benchmarks.Bare;
using KlingEffects.Benchmarks.Harness;

namespace KlingEffects.Benchmarks.Scenarios;

/// <summary>The main job: submit, wait, save.</summary>
internal sealed class FlowScenario : IScenario
{
    private const double Interval = 0.5;
    private const double GenerationSeconds = 3;

    public string Name => "flow";

    public string Title => "200 tasks of 3 s and 1 MiB each: submit, wait, save";

    public async Task<IReadOnlyList<Table>> RunAsync(Bench bench)
    {
        int count = bench.Options.Scaled(200);
        int few = Math.Min(count, 6);
        Contender bound = Bound.Of("bare HttpClient, each task every 0.5 s: the bound", new() { Tasks = count, PollInterval = Interval }, saves: true);
        Contender module = Contender.Script(
            "module, `-PollIntervalSec 0.5`",
            "flow-module.ps1",
            ("Module", Places.Module), ("Count", count), ("Destination", Contender.Folder), ("PollIntervalSec", Interval));
        Contender chosen = Contender.Script(
            "module as shipped: chosen times",
            "flow-module.ps1",
            ("Module", Places.Module), ("Count", count), ("Destination", Contender.Folder));
        Contender journaled = Contender.Script(
            "module as shipped, `-JournalPath` on the disk",
            "flow-module.ps1",
            ("Module", Places.Module), ("Count", count), ("Destination", Contender.Folder), ("JournalPath", Contender.Folder));
        Contender parallel = Contender.Script(
            "script, `ForEach-Object -Parallel -ThrottleLimit 32`, every 0.5 s",
            "flow-parallel.ps1",
            ("Count", count), ("Destination", Contender.Folder), ("PollIntervalSec", Interval), ("ThrottleLimit", 32)) with { IsSlow = true };
        Contender sequential = Contender.Script(
            $"script, one task after another, every 0.5 s (extrapolated from {few})",
            "flow-sequential.ps1",
            ("Count", few), ("Destination", Contender.Folder), ("PollIntervalSec", Interval)) with { IsSlow = true, Share = (double)few / count };

        var results = await bench.CompareAsync(
            [bound, module, chosen, journaled, parallel, sequential],
            new { generationSeconds = GenerationSeconds, videoBytes = 1 << 20, latencyMs = 0 });
        return [BatchTable.Of(results.Select(result => (result, results[0])))];
    }
}
