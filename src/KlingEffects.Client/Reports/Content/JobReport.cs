namespace KlingEffects.Reports.Content;

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

    protected abstract void Finish(TextWriter output);
}

/// <summary>A part of a report that waits for what stands before it.</summary>
internal sealed class ReportPart(Stream stream)
{
    private const int Block = 1 << 14;

    public TextWriter Writer { get; } = WriterOn(stream);

    public static StreamWriter WriterOn(Stream stream) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Block, leaveOpen: true) { NewLine = "\n" };

    public void CopyTo(TextWriter output)
    {
        Writer.Flush();
        stream.Position = 0;
        using StreamReader reader = new(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, Block, leaveOpen: true);
        char[] block = new char[Block];
        while (reader.Read(block, 0, Block) is var count and > 0)
        {
            output.Write(block, 0, count);
        }
    }
}
