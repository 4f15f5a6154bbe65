using KlingEffects.Benchmarks.Harness;

namespace KlingEffects.Benchmarks.Scenarios;

/// <summary>What the journal and the ledger cost in throughput.</summary>
internal sealed class JournalScenario : IScenario
{
    private const int InFlight = 16;

    public string Name => "journal";

    public string Title => "Submits with 16 in flight, with nothing noted, with the ledger, with a journal on the disk";

    public async Task<IReadOnlyList<Table>> RunAsync(Bench bench)
    {
        Table table = new(
            "server latency", "submits", "nothing noted, a second", "ledger, a second", "share", "journal, a second", "share",
            "CPU, s: nothing", "ledger", "journal");
        foreach ((int latency, int count) in new[] { (0, 4000), (20, 2000), (100, 800) })
        {
            int scaled = bench.Options.Scaled(count);
            (string, object)[] common = [("Module", Places.Module), ("Count", scaled), ("ThrottleLimit", InFlight)];
            var results = await bench.CompareAsync(
                [
                    Contender.Script("nothing", "submit-module.ps1", common) with
                    {
                        Environment = new Dictionary<string, string> { ["KLING_LEDGER"] = "off" },
                    },
                    Contender.Script("ledger", "submit-module.ps1", common),
                    Contender.Script("journal", "submit-module.ps1", [.. common, ("JournalPath", Contender.Folder)]),
                ],
                new { generationSeconds = 600, videoBytes = 0, latencyMs = latency });
            table.Add(
                $"{latency} ms",
                Result.Format($"{scaled:N0}"),
                Result.Format($"{scaled / results[0].Work:N0}"),
                Result.Format($"{scaled / results[1].Work:N0}"),
                Result.Format($"{results[0].Work / results[1].Work:0 %}"),
                Result.Format($"{scaled / results[2].Work:N0}"),
                Result.Format($"{results[0].Work / results[2].Work:0 %}"),
                Result.Format($"{results[0].Processor:0.0}"),
                Result.Format($"{results[1].Processor:0.0}"),
                Result.Format($"{results[2].Processor:0.0}"));
        }

        return [table];
    }
}
