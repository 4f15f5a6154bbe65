using System.Globalization;

namespace KlingEffects.Benchmarks.Harness;

/// <summary>The runs of one contender. Figures are medians, extrapolated where it did a part of the work only.</summary>
internal sealed class Result(Contender contender)
{
    private const double Mebi = 1024 * 1024;

    public Contender Contender => contender;

    public List<ChildRun> Runs { get; } = [];

    public double Work => Median(static run => run.Work) / contender.Share;

    public double Process => Median(static run => run.Process) / contender.Share;

    public double Processor => Median(static run => run.Processor) / contender.Share;

    /// <summary>In MiB.</summary>
    public double Peak => Median(static run => run.Peak) / Mebi;

    public double Polls => Median(static run => run.Polls!.Count) / contender.Share;

    public double MedianDelay => Median(static run => run.Polls!.MedianDelay);

    public double LongDelay => Median(static run => run.Polls!.LongDelay);

    /// <summary>The work's seconds, with the shortest and the longest run.</summary>
    public string WorkText => Runs.Count == 1
        ? Format($"{Work:0.00}")
        : Format($"{Work:0.00} ({Runs.Min(static run => run.Work) / contender.Share:0.00}–{Runs.Max(static run => run.Work) / contender.Share:0.00})");

    public static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private double Median(Func<ChildRun, double> figure)
    {
        double[] sorted = [.. Runs.Select(figure).Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
