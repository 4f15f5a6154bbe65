using KlingEffects.Shells;

namespace KlingEffects.Benchmarks.Harness;

/// <summary>What all scenarios of one run share: the emulator, and a folder that is removed in the end.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private Bench(BenchmarkOptions options, string folder, EmulatorProcess emulator)
    {
        Options = options;
        Folder = folder;
        Emulator = emulator;
    }

    public BenchmarkOptions Options { get; }

    public EmulatorProcess Emulator { get; }

    /// <summary>A folder for what a scenario prepares.</summary>
    public string Folder { get; }

    /// <summary>The PowerShell that runs the scripts.</summary>
    public string Shell { get; private init; } = "";

    public static async Task<Bench> StartAsync(BenchmarkOptions options)
    {
        string folder = Path.Combine(options.Folder, "kling-bench-" + Guid.NewGuid().ToString("N")[..8]);
        Directory.CreateDirectory(folder);
        string name = $"PowerShell {PowerShellEngine.Find().Version}";
        return new Bench(options, folder, await EmulatorProcess.StartAsync(folder)) { Shell = name };
    }

    /// <summary>Runs the contenders in turn, round by round, each run with an empty folder of its own.</summary>
    /// <param name="contenders">Who.</param>
    /// <param name="emulator">How the emulator behaves, which is reset before each run; null leaves it as it is.</param>
    /// <param name="folder">Where the runs' folders are made; null for the bench's own.</param>
    /// <param name="runs">How often each runs; null for as often as the options say.</param>
    public async Task<IReadOnlyList<Result>> CompareAsync(IReadOnlyList<Contender> contenders, object? emulator, string? folder = null, int? runs = null)
    {
        List<Result> results = [.. contenders.Select(static contender => new Result(contender))];
        for (int round = 0; round <= (runs ?? Options.Runs); round++)
        {
            foreach (Result result in results.Where(result => round == 0 || !result.Contender.IsSlow))
            {
                ChildRun run = await RunAsync(result.Contender, emulator, folder ?? Folder);
                if (round > 0 || result.Contender.IsSlow)
                {
                    result.Runs.Add(run);
                }
            }
        }

        return results;
    }

    public async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task<ChildRun> RunAsync(Contender contender, object? emulator, string folder)
    {
        if (emulator is not null)
        {
            await Emulator.ResetAsync(emulator);
        }

        string own = Directory.CreateDirectory(Path.Combine(folder, "run")).FullName;
        try
        {
            ChildRun run = await ChildRun.OfAsync(contender.Program, contender.Arguments(own), Emulator.Environment.Concat(contender.Environment));
            return emulator is null ? run : run with { Polls = await Emulator.PollsAsync() };
        }
        finally
        {
            Directory.Delete(own, recursive: true);
        }
    }
}
