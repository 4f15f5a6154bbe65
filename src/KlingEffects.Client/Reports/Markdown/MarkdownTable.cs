using System.Text;
using KlingEffects.Reports.Content;

namespace KlingEffects.Reports.Markdown;

/// <summary>A table that grows by rows until it is as large as a build's page takes.</summary>
internal sealed class MarkdownTable(ReportPart part, string head)
{
    // GitHub refuses the summary of a step above 1 MiB: half of that for each of the two tables leaves nothing over for the rest.
    private const int MostBytes = 450 * 1024;

    private int _bytes;

    public int Rows { get; private set; }

    /// <summary>Rows for which there was no room.</summary>
    public int Left { get; private set; }

    public void Add(FormattableString row)
    {
        string line = MarkdownText.Of(row);
        _bytes += Encoding.UTF8.GetByteCount(line) + 1;
        if (_bytes > MostBytes)
        {
            Left++;
            return;
        }

        Rows++;
        part.Writer.WriteLine(line);
    }

    public void WriteTo(TextWriter output)
    {
        output.WriteLine(head);
        part.CopyTo(output);
        if (Left > 0)
        {
            output.WriteLine();
            output.WriteLine($"And {Figures.Count(Left, "more", "more")}, for which a build's summary has no room.");
        }
    }
}
