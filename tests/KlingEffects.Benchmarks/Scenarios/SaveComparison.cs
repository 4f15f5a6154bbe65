using KlingEffects.Benchmarks.Harness;

namespace KlingEffects.Benchmarks.Scenarios;

/// <summary>Tasks that have ended, and how fast their videos are saved.</summary>
internal sealed class SaveComparison
{
    private const string MemoryFolder = "/dev/shm";

    private readonly Bench _bench;
    private readonly double _bytes;
    private readonly Result _idle;

    private SaveComparison(Bench bench, double bytes, Result idle)
    {
        _bench = bench;
        _bytes = bytes;
        _idle = idle;
        IdFile = Path.Combine(bench.Folder, "ids.txt");
    }

    /// <summary>A file with the tasks' ids.</summary>
    public string IdFile { get; }

    /// <summary>The URL of the first task's video.</summary>
    public string FirstUrl { get; private init; } = "";

    /// <summary>Saves all of them with the module.</summary>
    public Contender Module => ModuleAfter(0, "module");

    /// <summary>The same in a session whose code has been compiled by then.</summary>
    /// <param name="uncounted">How often it saved all of them before.</param>
    /// <param name="name">What the table calls it.</param>
    public Contender ModuleAfter(int uncounted, string name) => Contender.Script(
        name, "save-module.ps1", ("Module", Places.Module), ("Ids", IdFile), ("Destination", Contender.Folder), ("Uncounted", uncounted));

    public static async Task<SaveComparison> PrepareAsync(Bench bench, int tasks, long videoBytes)
    {
        await bench.Emulator.ResetAsync(new { generationSeconds = 0, latencyMs = 0, videoBytes });
        List<string> ids = [];
        while (ids.Count < tasks)
        {
            ids.Add(await bench.Emulator.AddTaskAsync());
        }

        SaveComparison saving = new(bench, (double)tasks * videoBytes, await Idle.RunAsync(bench)) { FirstUrl = await bench.Emulator.VideoUrlAsync(ids[0]) };
        await File.WriteAllLinesAsync(saving.IdFile, ids);
        return saving;
    }

    public async Task<Table> InMemoryAsync(IReadOnlyList<Contender> contenders)
    {
        string folder = Directory.CreateDirectory(Path.Combine(MemoryFolder, Path.GetFileName(_bench.Folder))).FullName;
        try
        {
            return TableOf(await _bench.CompareAsync(contenders, null, folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public async Task<Table> OnDiskAsync(IReadOnlyList<Contender> contenders, int latencyMilliseconds = 0)
    {
        await _bench.Emulator.ConfigureAsync(new { latencyMs = latencyMilliseconds });
        return TableOf(await _bench.CompareAsync(contenders, null));
    }

    private Table TableOf(IReadOnlyList<Result> results)
    {
        Table table = new("contender", "time, s", "MiB a second", "× the first", "process, s", "CPU, s", "peak, MiB", "over idle, MiB");
        foreach (Result result in results)
        {
            bool isShell = result.Contender.Program == _idle.Contender.Program;
            table.Add(
                result.Contender.Name,
                result.WorkText,
                Result.Format($"{_bytes / (1 << 20) / result.Work:N0}"),
                Result.Format($"{results[0].Work / result.Work:0.00}"),
                Result.Format($"{result.Process:0.00}"),
                Result.Format($"{result.Processor:0.00}"),
                Result.Format($"{result.Peak:0}"),
                isShell ? Result.Format($"{result.Peak - _idle.Peak:0}") : "");
        }

        return table;
    }
}
