using System.Globalization;

namespace KlingEffects.Tests;

/// <summary>The Pester suites, test by test, over both builds of the module.</summary>
public sealed class PesterTests(ITestOutputHelper output)
{
    [Theory]
    [PesterSuite("net8.0")]
    [PesterSuite("netstandard2.0")]
    public void Pester(PesterTest test)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{test.Seconds:0.000} s"));
        test.Verify();
    }
}
