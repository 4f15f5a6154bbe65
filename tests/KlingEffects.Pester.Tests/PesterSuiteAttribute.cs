using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using KlingEffects.Shells;
using Xunit.Sdk;
using Xunit.v3;

namespace KlingEffects.Tests;

/// <summary>Runs the Pester suite against one build of the module; each of its tests is a row.</summary>
/// <param name="build">The framework that the module is built for.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class PesterSuiteAttribute(string build) : DataAttribute
{
    private static readonly ConcurrentDictionary<MethodInfo, Dictionary<string, Task<ITheoryDataRow[]>>> Runs = new();

    public string Build => build;

    /// <summary>The files of the suite that say nothing of this build that they don't say of another.</summary>
    public string[] Without { get; init; } = [];

    /// <summary>No: the suite runs once, when the tests run.</summary>
    public override bool SupportsDiscoveryEnumeration() => false;

    public override async ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        await Runs.GetOrAdd(testMethod, Start)[build];

    // The builds' files share the turns, so that no core is idle while the last ones of one build run.
    private static Dictionary<string, Task<ITheoryDataRow[]>> Start(MethodInfo test)
    {
        PowerShellEngine engine = PowerShellEngine.FindQuick();
        // Two more than there are cores: a third of a file's time it waits for tasks and answers.
        SemaphoreSlim turns = new(Environment.ProcessorCount + 2);
        IReadOnlyList<SuiteFile> all = SuiteFile.All();
        PesterSuiteAttribute[] suites = [.. test.GetCustomAttributes<PesterSuiteAttribute>()];
        Assert.All(suites, suite => Assert.Subset(all.Select(static file => file.Name).ToHashSet(), suite.Without.ToHashSet()));
        Dictionary<string, ModuleBuild> modules = suites.ToDictionary(static suite => suite.Build, static suite => ModuleBuild.Prepare(suite.Build));
        ILookup<string, Task<ITheoryDataRow[]>> runs = all
            .SelectMany(file => suites.Where(suite => !suite.Without.Contains(file.Name)), static (file, suite) => (File: file, Suite: suite))
            .Select(run => (run.Suite.Build, Rows: run.Suite.RunAsync(run.File, engine, modules[run.Suite.Build], turns)))
            .ToLookup(static run => run.Build, static run => run.Rows);
        return suites.ToDictionary(static suite => suite.Build, suite => CollectAsync(runs[suite.Build], modules[suite.Build]));
    }

    private static async Task<ITheoryDataRow[]> CollectAsync(IEnumerable<Task<ITheoryDataRow[]>> runs, ModuleBuild module)
    {
        using (module)
        {
            ITheoryDataRow[][] rows = await Task.WhenAll(runs);
            return [.. rows.SelectMany(static row => row)];
        }
    }

    private async Task<ITheoryDataRow[]> RunAsync(SuiteFile file, PowerShellEngine engine, ModuleBuild module, SemaphoreSlim turns)
    {
        await turns.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            IReadOnlyList<PesterTest> tests = await file.RunAsync(engine, module, TestContext.Current.CancellationToken);
            return [.. tests.Select(test => Row(file, test, WhySkipped(test)))];
        }
        finally
        {
            turns.Release();
        }
    }

    private static string? WhySkipped(PesterTest test) => test.Result is "Skipped" or "Inconclusive"
        ? string.IsNullOrWhiteSpace(test.Message) ? "The suite skips it." : test.Message
        : null;

    private TheoryDataRow<PesterTest> Row(SuiteFile file, PesterTest test, string? skip) => new(test)
    {
        TestDisplayName = string.Create(CultureInfo.InvariantCulture, $"{build}: {file.Name} / {test.Name}"),
        Label = "",
        Skip = skip,
    };
}
