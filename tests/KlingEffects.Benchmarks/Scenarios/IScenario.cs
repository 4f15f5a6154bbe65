using KlingEffects.Benchmarks.Harness;

namespace KlingEffects.Benchmarks.Scenarios;

/// <summary>One comparison, with its tables.</summary>
internal interface IScenario
{
    /// <summary>By which it is chosen.</summary>
    string Name { get; }

    /// <summary>What the tables are headed by.</summary>
    string Title { get; }

    Task<IReadOnlyList<Table>> RunAsync(Bench bench);
}
