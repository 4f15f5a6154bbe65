using KlingEffects.Shells;

namespace KlingEffects.Tests;

/// <summary>A batch over the real cmdlets, killed at random instants and run again until it is through.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    /// <summary>How many rounds; 200 by hand, few in the suite.</summary>
    private const string RoundsVariable = "KLING_CRASH_ROUNDS";

    /// <summary>The first round, which is its seed too: to see one again that failed.</summary>
    private const string FirstVariable = "KLING_CRASH_FIRST";

    [Fact(Timeout = 7_200_000)]
    public Task Killed_at_any_instant_a_batch_pays_once_and_loses_nothing() => RunAsync(isMeddledWith: false, TestContext.Current.CancellationToken);

    [Fact(Timeout = 7_200_000)]
    public Task With_its_journal_moved_deleted_copied_and_linked_a_batch_pays_once_and_loses_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets nobody at a file that is held.");
        return RunAsync(isMeddledWith: true, TestContext.Current.CancellationToken);
    }

    private async Task RunAsync(bool isMeddledWith, CancellationToken cancellationToken)
    {
        PowerShellEngine engine = PowerShellEngine.FindQuick();
        int first = Number(FirstVariable, 0);
        int rounds = Number(RoundsVariable, 2);
        CrashFigures total = new();
        for (int round = first; round < first + rounds; round++)
        {
            await using CrashRound run = await CrashRound.StartAsync(engine, seed: round, isMeddledWith, cancellationToken);
            CrashFigures figures = await run.RunAsync(cancellationToken);
            output.WriteLine($"round {round}: {figures}");
            total += figures;
        }

        output.WriteLine($"{rounds} rounds: {total}");
    }

    private static int Number(string variable, int unless) => int.TryParse(Environment.GetEnvironmentVariable(variable), out int number) ? number : unless;
}
