using KlingEffects.Benchmarks.Harness;

namespace KlingEffects.Benchmarks.Scenarios;

/// <summary>What an import costs, and the first submit after it.</summary>
internal sealed class ImportScenario : IScenario
{
    private const int LeastRuns = 15;

    public string Name => "import";

    public string Title => "`Import-Module` in a bare `pwsh`, and the first submit after it";

    public async Task<IReadOnlyList<Table>> RunAsync(Bench bench)
    {
        string folder = Directory.CreateDirectory(Path.Combine(bench.Folder, "empty")).FullName;
        Contender make = Contender.Script("", "empty-module.ps1", ("Folder", folder));
        await ChildRun.OfAsync(make.Program, make.Arguments(folder), bench.Emulator.Environment);

        string empty = Path.Combine(folder, "Empty.psd1");
        return
        [
            await TableAsync(
                bench,
                "import, ms",
                emulator: null,
                Contender.Script("an empty binary module", "import.ps1", ("Module", empty)),
                Contender.Script("KlingEffects", "import.ps1", ("Module", Places.Module))),
            await TableAsync(
                bench,
                "import and first submit, ms",
                new { generationSeconds = 600, videoBytes = 0, latencyMs = 0 },
                Contender.Script("an empty binary module, `Invoke-RestMethod`", "first-submit-bare.ps1", ("Module", empty)),
                Contender.Script("KlingEffects", "first-submit-module.ps1", ("Module", Places.Module))),
        ];
    }

    private static async Task<Table> TableAsync(Bench bench, string what, object? emulator, params Contender[] contenders)
    {
        var results = await bench.CompareAsync(contenders, emulator, runs: Math.Max(LeastRuns, bench.Options.Runs));
        Table table = new("module", what, "shortest–longest, ms", "process, ms", "CPU, ms", "peak, MiB");
        foreach (Result result in results)
        {
            table.Add(
                result.Contender.Name,
                Result.Format($"{result.Work * 1000:0}"),
                Result.Format($"{result.Runs.Min(static run => run.Work) * 1000:0}–{result.Runs.Max(static run => run.Work) * 1000:0}"),
                Result.Format($"{result.Process * 1000:0}"),
                Result.Format($"{result.Processor * 1000:0}"),
                Result.Format($"{result.Peak:0}"));
        }

        return table;
    }
}
