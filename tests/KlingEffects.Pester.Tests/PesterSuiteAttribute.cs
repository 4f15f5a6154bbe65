using System.Globalization;
using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace KlingEffects.Tests;

/// <summary>Runs the Pester suite against one build of the module; each of its tests is a row.</summary>
/// <param name="build">The framework that the module is built for.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class PesterSuiteAttribute(string build) : DataAttribute
{
    public string Build => build;

    /// <summary>No: the suite runs once, when the tests run.</summary>
    public override bool SupportsDiscoveryEnumeration() => false;

    public override async ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        string? whyNot = WhyNot();
        if (whyNot is not null)
        {
            return [.. SuiteFile.All().SelectMany(file => file.ScanTests().Select(name => Row(file, new PesterTest(name, "NotRun", 0, null, null), whyNot)))];
        }

        ModuleBuild module = ModuleBuild.Prepare(build);
        disposalTracker.Add(module);
        using SemaphoreSlim turns = new(Environment.ProcessorCount);
        ITheoryDataRow[][] rows = await Task.WhenAll(SuiteFile.All().Select(async file =>
        {
            await turns.WaitAsync(TestContext.Current.CancellationToken);
            try
            {
                IReadOnlyList<PesterTest> tests = await file.RunAsync(PowerShellInstallation.Find()!, module, TestContext.Current.CancellationToken);
                return tests.Select(test => Row(file, test, WhySkipped(test))).ToArray();
            }
            finally
            {
                turns.Release();
            }
        }));
        return [.. rows.SelectMany(static row => row)];
    }

    private static string? WhyNot() => PowerShellInstallation.Find() switch
    {
        null => PowerShellInstallation.NotOnPath,
        { Version: var version } when version < new Version(7, 4) => $"pwsh on PATH is {version}; the module's net8.0 build needs 7.4",
        { Pester: null } => "Pester 5 is not installed",
        _ => null,
    };

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
