using System.Globalization;

namespace KlingEffects.Benchmarks;

/// <summary>What to run, and how thoroughly.</summary>
/// <param name="Names">The scenarios.</param>
/// <param name="Runs">How often each contender runs, after a run that does not count.</param>
/// <param name="Scale">The part of each scenario's work that is done.</param>
/// <param name="Folder">Where files go; its disk is measured too.</param>
internal sealed record BenchmarkOptions(IReadOnlyList<string> Names, int Runs, double Scale, string Folder)
{
    /// <summary>The options of a command line, or null if they are not to be understood.</summary>
    public static BenchmarkOptions? Parse(ReadOnlySpan<string> arguments)
    {
        List<string> names = [];
        BenchmarkOptions options = new(names, Runs: 5, Scale: 1, Path.GetTempPath());
        while (arguments is [var first, .. var rest])
        {
            switch (first)
            {
                case "--runs" when rest is [var runs, ..] && int.TryParse(runs, CultureInfo.InvariantCulture, out int count) && count > 0:
                    options = options with { Runs = count };
                    arguments = rest[1..];
                    break;
                case "--scale" when rest is [var scale, ..] && double.TryParse(scale, CultureInfo.InvariantCulture, out double part) && part > 0:
                    options = options with { Scale = part };
                    arguments = rest[1..];
                    break;
                case "--folder" when rest is [var folder, ..]:
                    options = options with { Folder = Path.GetFullPath(folder) };
                    arguments = rest[1..];
                    break;
                case var name when !name.StartsWith('-'):
                    names.Add(name);
                    arguments = rest;
                    break;
                default:
                    return null;
            }
        }

        return options;
    }

    /// <summary>The number of items at this scale, at least one.</summary>
    public int Scaled(int count) => Math.Max(1, (int)(count * Scale));
}
