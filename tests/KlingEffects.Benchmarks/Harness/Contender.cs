using System.Globalization;
using KlingEffects.Shells;

namespace KlingEffects.Benchmarks.Harness;

/// <summary>A program that does a scenario's work.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Program">The executable.</param>
/// <param name="Arguments">Its arguments, for a run that has a folder of its own.</param>
internal sealed record Contender(string Name, string Program, Func<string, IEnumerable<string>> Arguments)
{
    /// <summary>The part of the work that it does; its figures are extrapolated.</summary>
    public double Share { get; init; } = 1;

    /// <summary>What its environment has beside what all have.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether one run that does count is enough, and no warm-up is needed: what takes long varies little.</summary>
    public bool IsSlow { get; init; }

    /// <summary>A script, which prints how many seconds its work took.</summary>
    /// <param name="name">What the table calls it.</param>
    /// <param name="script">The script's file.</param>
    /// <param name="parameters">Its parameters and their values; a folder of the run is given for <see cref="Folder"/>.</param>
    public static Contender Script(string name, string script, params (string Name, object Value)[] parameters)
    {
        PowerShellEngine engine = PowerShellEngine.Find();
        return new(name, engine.Program, folder => engine.Start([
            "-NoProfile", "-NonInteractive", "-File", Places.Script(script),
            .. parameters.SelectMany(parameter => new[] { "-" + parameter.Name, Text(parameter.Value, folder) }),
        ]).ArgumentList);
    }

    /// <summary>Stands for the folder of the run.</summary>
    public static object Folder { get; } = new();

    private static string Text(object value, string folder) =>
        ReferenceEquals(value, Folder) ? folder : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
