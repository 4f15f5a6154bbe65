using System.Globalization;

namespace KlingEffects.Tests;

/// <summary>The Pester suites, test by test, over the module's build for PowerShell 7, and over the other one where that makes a difference.</summary>
public sealed class PesterTests(ITestOutputHelper output)
{
    [Theory]
    [PesterSuite("net8.0")]
    [PesterSuite("netstandard2.0", Without = [
        // The clone, the package and the documents
        "Desktop", "Docs", "EmulatorTool", "Gallery", "Help", "HelpExamples", "Package", "Recipes", "Scripts",
        // What cmdlets, types and views do before the client is asked: one source, and nothing of Compatibility
        "Binding", "Cells", "Completion", "Get-KlingScene", "Habits", "MissingParameters", "Views",
        // Signals, which .NET Framework has no word for; the help says so
        "Termination",
        // What the client's own tests show of both builds
        "Answers", "Export-KlingReport", "Gateway", "Get-KlingJob", "Pipelines", "Rerun"])]
    public void Pester(PesterTest test)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{test.Seconds:0.000} s"));
        test.Verify();
    }
}
