using KlingEffects.Benchmarks.Harness;

namespace KlingEffects.Benchmarks.Scenarios;

/// <summary>What the journal costs in throughput.</summary>
internal sealed class JournalScenario : IScenario
{
    private const int InFlight = 16;

    public string Name => "journal";

    public string Title => "Submits with 16 in flight, without and with a journal on the disk";

    public async Task<IReadOnlyList<Table>> RunAsync(Bench bench)
    {
        Table table = new("server latency", "submits", "without, a second", "with, a second", "share", "CPU without, s", "CPU with, s");
        foreach ((int latency, int count) in new[] { (0, 4000), (20, 2000), (100, 800) })
        {
            int scaled = bench.Options.Scaled(count);
            (string, object)[] common = [("Module", Places.Module), ("Count", scaled), ("ThrottleLimit", InFlight)];
            var results = await bench.CompareAsync(
                [
                    Contender.Script("without", "submit-module.ps1", common),
                    Contender.Script("with", "submit-module.ps1", [.. common, ("JournalPath", Contender.Folder)]),
                ],
                new { generationSeconds = 600, videoBytes = 0, latencyMs = latency });
            table.Add(
                $"{latency} ms",
                Result.Format($"{scaled:N0}"),
                Result.Format($"{scaled / results[0].Work:N0}"),
                Result.Format($"{scaled / results[1].Work:N0}"),
                Result.Format($"{results[0].Work / results[1].Work:0 %}"),
                Result.Format($"{results[0].Processor:0.0}"),
                Result.Format($"{results[1].Processor:0.0}"));
        }

        return [table];
    }
}
