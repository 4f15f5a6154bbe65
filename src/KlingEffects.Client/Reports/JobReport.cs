namespace KlingEffects.Reports;

/// <summary>One form of report. Jobs stream through it, each into a part; the totals, which stand first, are known last.</summary>
internal abstract class JobReport
{
    protected ReportTotals Totals { get; } = new();

    public int Jobs => Totals.Jobs;

    public void Add(KlingJob job)
    {
        Totals.Add(job);
        Write(job);
    }

    /// <summary>Writes the whole: no job will come.</summary>
    public void Complete(Stream output)
    {
        using StreamWriter writer = ReportPart.WriterOn(output);
        Finish(writer);
    }

    /// <summary>Writes what is known of one job into its part.</summary>
    protected abstract void Write(KlingJob job);

    protected abstract void Finish(StreamWriter output);
}

/// <summary>A part of a report that waits for what stands before it.</summary>
internal sealed class ReportPart(Stream stream)
{
    public const int Block = 1 << 14;

    public StreamWriter Writer { get; } = WriterOn(stream);

    public static StreamWriter WriterOn(Stream stream) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Block, leaveOpen: true) { NewLine = "\n" };

    public void CopyTo(StreamWriter output)
    {
        Writer.Flush();
        output.Flush();
        stream.Position = 0;
        stream.CopyTo(output.BaseStream);
    }
}
