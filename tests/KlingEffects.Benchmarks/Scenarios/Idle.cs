using KlingEffects.Benchmarks.Harness;

namespace KlingEffects.Benchmarks.Scenarios;

/// <summary>A <c>pwsh</c> that imports the module and does nothing with it: what every use of it costs at the least.</summary>
internal static class Idle
{
    public static Contender Contender { get; } = Contender.Script("idle `pwsh` with the module imported", "import.ps1", ("Module", Places.Module));

    public static async Task<Result> RunAsync(Bench bench) => (await bench.CompareAsync([Contender], null))[0];
}
