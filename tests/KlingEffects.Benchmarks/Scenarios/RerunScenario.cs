using System.Globalization;
using KlingEffects.Benchmarks.Harness;

namespace KlingEffects.Benchmarks.Scenarios;

/// <summary>What it costs to run a finished batch's command again.</summary>
internal sealed class RerunScenario : IScenario
{
    public string Name => "rerun";

    public string Title => "A finished batch of 10,000 jobs, run again";

    public async Task<IReadOnlyList<Table>> RunAsync(Bench bench)
    {
        int count = bench.Options.Scaled(10_000);
        string batch = Directory.CreateDirectory(Path.Combine(bench.Folder, "finished")).FullName;
        await File.WriteAllLinesAsync(Path.Combine(batch, "jobs.csv"), [
            "Scene,Image,ExternalTaskId",
            .. Enumerable.Range(1, count).Select(static n => string.Create(CultureInfo.InvariantCulture, $"3d_cartoon_2,https://images.example/{n}.jpg,order-{n}")),
        ]);
        Contender again = Contender.Script("the module, all of it again", "rerun-module.ps1", ("Module", Places.Module), ("Batch", batch));
        await bench.CompareAsync([again with { IsSlow = true }], new { generationSeconds = 0, videoBytes = 1000, latencyMs = 0 }, runs: 0);

        // The server is reset before each run and knows none of the tasks: whoever asked it would have an error.
        var results = await bench.CompareAsync(
            [Contender.Script("a loop over the rows, `Test-Path` of each file", "rerun-loop.ps1", ("Batch", batch)), again],
            new { generationSeconds = 0, videoBytes = 1000, latencyMs = 0 });
        Table table = new("", "time, s", "× the loop", "CPU, s", "peak, MiB", "polls");
        foreach (Result result in results)
        {
            table.Add(
                result.Contender.Name,
                result.WorkText,
                Result.Format($"{result.Work / results[0].Work:0.00}"),
                Result.Format($"{result.Processor:0.0}"),
                Result.Format($"{result.Peak:0}"),
                Result.Format($"{result.Polls:N0}"));
        }

        return [table];
    }
}
