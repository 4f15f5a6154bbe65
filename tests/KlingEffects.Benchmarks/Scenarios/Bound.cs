using System.Text.Json;
using KlingEffects.Benchmarks.Bare;
using KlingEffects.Benchmarks.Harness;

namespace KlingEffects.Benchmarks.Scenarios;

/// <summary>The bare client as a contender.</summary>
internal static class Bound
{
    /// <param name="name">What the table calls it.</param>
    /// <param name="work">What it does.</param>
    /// <param name="saves">Whether it saves the videos.</param>
    public static Contender Of(string name, BareWork work, bool saves = false) => new(name, Environment.ProcessPath!, folder =>
        [BareClient.Verb, JsonSerializer.Serialize(work with { Destination = saves ? folder : null })]);
}
