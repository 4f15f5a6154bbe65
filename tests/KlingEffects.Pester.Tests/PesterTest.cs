using Xunit.Sdk;

namespace KlingEffects.Tests;

/// <summary>What became of one Pester test, or of the code around tests.</summary>
/// <param name="Name">Describe, Context and It.</param>
/// <param name="Result">In Pester's words: Passed, Failed, Skipped, Inconclusive, NotRun.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Message">Why it failed or was skipped.</param>
/// <param name="Stack">Where it failed.</param>
public sealed record PesterTest(string Name, string Result, double Seconds, string? Message, string? Stack)
{
    /// <summary>Passes if the test did, and fails as it did.</summary>
    public void Verify()
    {
        if (Result != "Passed")
        {
            throw new PesterFailure(string.IsNullOrWhiteSpace(Message) ? $"Pester's result is {Result}." : Message, Stack);
        }
    }

    public override string ToString() => Name;

    private sealed class PesterFailure(string message, string? stack) : XunitException(message)
    {
        public override string? StackTrace => stack;
    }
}
