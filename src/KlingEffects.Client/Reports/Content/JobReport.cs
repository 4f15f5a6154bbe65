using System.Text;

namespace KlingEffects.Reports.Content;

/// <summary>One form of report. Jobs stream through it, each into a part; the totals, which stand first, are known last.</summary>
internal abstract class JobReport
{
    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>What the jobs so far come to.</summary>
    protected ReportTotals Totals { get; } = new();

    public int Jobs => Totals.Jobs;

    /// <summary>Takes the next job.</summary>
    public void Add(KlingJob job)
    {
        Totals.Add(job);
        Write(job);
    }

    /// <summary>Writes the whole: no job will come.</summary>
    public void Complete(Stream output)
    {
        using StreamWriter writer = new(output, Utf8, bufferSize: 1 << 14, leaveOpen: true) { NewLine = "\n" };
        Finish(writer);
    }

    /// <summary>Writes what is told of one job into its part.</summary>
    protected abstract void Write(KlingJob job);

    /// <summary>Writes the totals and the parts.</summary>
    protected abstract void Finish(TextWriter output);
}
