using KlingEffects.Benchmarks.Harness;

namespace KlingEffects.Benchmarks.Scenarios;

/// <summary>Many small requests to a server that answers late.</summary>
internal sealed class LatencyScenario : IScenario
{
    private const int InFlight = 64;
    private const double Interval = 0.05;

    public string Name => "latency";

    public string Title => "2,000 tasks, 100 ms of latency an answer, 64 requests in flight a stage: submit, one poll";

    public async Task<IReadOnlyList<Table>> RunAsync(Bench bench)
    {
        int count = bench.Options.Scaled(2000);
        var results = await bench.CompareAsync(
            [
                Bound.Of("bare HttpClient: the bound", new() { Tasks = count, InFlight = InFlight, PollInterval = Interval }),
                Contender.Script(
                    "module, `-ThrottleLimit 64 -PollIntervalSec 0.05`",
                    "wait-module.ps1",
                    ("Module", Places.Module), ("Count", count), ("ThrottleLimit", InFlight), ("PollIntervalSec", Interval)),
            ],
            new { generationSeconds = 0, videoBytes = 0, latencyMs = 100 });
        return [BatchTable.Of(results.Select(result => (result, results[0])))];
    }
}
