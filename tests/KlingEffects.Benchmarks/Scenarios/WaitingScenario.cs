using KlingEffects.Benchmarks.Harness;

namespace KlingEffects.Benchmarks.Scenarios;

/// <summary>What tasks that wait cost in memory.</summary>
internal sealed class WaitingScenario : IScenario
{
    // The runtime makes the first generation as large as the third cache, which is far beyond the ordinary on a large server.
    private static readonly Dictionary<string, string> OrdinaryCache = new() { ["DOTNET_GCgen0size"] = "2000000" };

    public string Name => "waiting";

    public string Title => "Tasks that wait in one pipeline, `New-KlingEffect | Wait-KlingTask -PollIntervalSec 15`, 30 s each";

    public async Task<IReadOnlyList<Table>> RunAsync(Bench bench)
    {
        int many = bench.Options.Scaled(10_000);
        var results = await bench.CompareAsync(
            [
                Idle.Contender,
                Waiting(bench.Options.Scaled(1000)),
                Waiting(many),
                Waiting(many, ", first generation of 32 MiB") with { Environment = OrdinaryCache },
            ],
            new { generationSeconds = 30, videoBytes = 0, latencyMs = 0 });
        Table table = new("", "time, s", "CPU, s", "polls", "peak, MiB", "over idle, MiB");
        foreach (Result result in results)
        {
            table.Add(
                result.Contender.Name,
                result.Contender == Idle.Contender ? "" : result.WorkText,
                Result.Format($"{result.Processor:0.0}"),
                Result.Format($"{result.Polls:N0}"),
                Result.Format($"{result.Peak:0}"),
                Result.Format($"{result.Peak - results[0].Peak:0}"));
        }

        return [table];
    }

    private static Contender Waiting(int count, string how = "") => Contender.Script(
        Result.Format($"{count:N0} tasks{how}"),
        "wait-module.ps1",
        ("Module", Places.Module), ("Count", count), ("ThrottleLimit", 32), ("PollIntervalSec", 15)) with { IsSlow = true };
}
