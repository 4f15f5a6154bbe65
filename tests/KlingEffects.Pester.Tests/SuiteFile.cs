using System.Diagnostics;
using System.Text.Json;
using KlingEffects.Shells;

namespace KlingEffects.Tests;

/// <summary>A file of Pester tests.</summary>
internal sealed class SuiteFile(string path)
{
    private const string Extension = ".Tests.ps1";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public string Name { get; } = Path.GetFileName(path)[..^Extension.Length];

    /// <summary>All of them, the long ones first: one that began last would run alone.</summary>
    public static IReadOnlyList<SuiteFile> All() =>
        [.. new DirectoryInfo(Path.Combine(Places.RepositoryRoot, "tests", "Pester")).GetFiles("*" + Extension).OrderByDescending(static file => file.Length).Select(static file => new SuiteFile(file.FullName))];

    /// <summary>Runs the file in a PowerShell of its own.</summary>
    public async Task<IReadOnlyList<PesterTest>> RunAsync(PowerShellEngine engine, ModuleBuild module, CancellationToken cancellationToken)
    {
        using TemporaryFolder folder = new();
        string resultPath = folder.Combine("results.json");
        ChildRun run = await ChildRun.StartAsync(Start(engine, module, resultPath), Longest, cancellationToken);
        if (!File.Exists(resultPath))
        {
            return [Failure($"{run.HowItEnded} before it had told its results.", run.Output)];
        }

        PesterTest[] tests = JsonSerializer.Deserialize<PesterTest[]>(await File.ReadAllTextAsync(resultPath, cancellationToken))!;
        return tests.Length == 0 ? [Failure("It has no test.", run.Output)] : tests;
    }

    private static PesterTest Failure(string message, string output) => new("(the file)", "Failed", 0, message + Environment.NewLine + output, null);

    private ProcessStartInfo Start(PowerShellEngine engine, ModuleBuild module, string resultPath)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Invoke-Suite.ps1");
        ProcessStartInfo start = engine.Start(
            "-NoProfile", "-NonInteractive", "-File", script, "-Path", path, "-ResultPath", resultPath, "-PesterPath", Places.Pester);
        foreach (string name in start.Environment.Keys.Where(static name => name.StartsWith("COMETAPI_", StringComparison.OrdinalIgnoreCase) || name.StartsWith("KLING_", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["KLING_TEST_MODULE"] = module.ManifestPath;
        start.Environment["KLING_TEST_BUILD"] = module.Framework;
        start.Environment["KLING_TEST_EMULATOR"] = Places.Emulator;
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        // The module is compiled as it runs: profiles for later cost each shell a tenth of its start.
        start.Environment["DOTNET_TieredPGO"] = "0";
        // Nor does a shell of a few seconds live to see what is compiled a second time (clrconfignames.h, dotnet/runtime, 2026-11).
        start.Environment["DOTNET_TC_CallCounting"] = "0";
        start.Environment["NO_COLOR"] = "1";
        return start;
    }
}
