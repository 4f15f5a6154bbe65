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
    public string Build => build;

    /// <summary>The files of the suite that say nothing of this build that they don't say of another.</summary>
    public string[] Without { get; init; } = [];

    /// <summary>No: the suite runs once, when the tests run.</summary>
    public override bool SupportsDiscoveryEnumeration() => false;

    public override async ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        PowerShellEngine engine = PowerShellEngine.Find();
        ModuleBuild module = ModuleBuild.Prepare(build);
        disposalTracker.Add(module);
        // One more than there are cores: a third of a file's time it waits for tasks and answers.
        using SemaphoreSlim turns = new(Environment.ProcessorCount + 1);
        IReadOnlyList<SuiteFile> all = SuiteFile.All();
        Assert.Subset(all.Select(static file => file.Name).ToHashSet(), Without.ToHashSet());
        ITheoryDataRow[][] rows = await Task.WhenAll(all.Where(file => !Without.Contains(file.Name)).Select(async file =>
        {
            await turns.WaitAsync(TestContext.Current.CancellationToken);
            try
            {
                IReadOnlyList<PesterTest> tests = await file.RunAsync(engine, module, TestContext.Current.CancellationToken);
                return tests.Select(test => Row(file, test, WhySkipped(test))).ToArray();
            }
            finally
            {
                turns.Release();
            }
        }));
        return [.. rows.SelectMany(static row => row)];
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
