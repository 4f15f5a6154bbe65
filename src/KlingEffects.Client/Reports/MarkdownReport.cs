using System.Text.RegularExpressions;

namespace KlingEffects.Reports;

/// <summary>A summary for a build's step, in GitHub's Markdown: totals, what went wrong, and the rest folded away.</summary>
internal sealed class MarkdownReport(ReportPart wrong, ReportPart rest) : JobReport
{
    // Addresses too, which GitHub makes links of.
    private static readonly Regex Marks = new(
        @"[\\`*_\[\]|~$#!<>&@]|:(?=//)|(?<=www)\.", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    private readonly Table _wrong = new(wrong, "| Job | Scene | State | Why | What to do |\n| --- | --- | --- | --- | --- |");
    private readonly Table _rest = new(
        rest, "| Job | Scene | State | Took | Units | Cost | Videos |\n| --- | --- | --- | ---: | ---: | ---: | --- |");

    protected override void Write(KlingJob job)
    {
        string start = Escaped($"| {ReportText.JobName(job)} | {ReportText.Scene(job)} | {Sign(job.State)} {job.State} |");
        if (ReportText.WentWrong(job))
        {
            _wrong.Add(start + Escaped($" {ReportText.Reason(job)} | {ReportText.AdviceFor(job)} |"));
            return;
        }

        string took = ReportText.Duration(job) is { } span ? Figures.Span(span) : "";
        string videos = string.Join(", ", job.Files.Select(ReportText.FileName));
        _rest.Add(start + Escaped($" {took} | {Amount(job.Units)} | {Amount(job.Cost)} | {videos} |"));
    }

    protected override void Finish(StreamWriter output)
    {
        output.WriteLine(Escaped($"## Kling effects: {Totals.Title}"));
        output.WriteLine();
        output.WriteLine(string.Join(" · ", Summary()));
        if (_wrong.Rows > 0)
        {
            output.WriteLine("\n### What went wrong\n");
            _wrong.WriteTo(output);
        }

        if (_rest.Rows > 0)
        {
            string which = _wrong.Rows > 0 ? "besides" : "in all";
            output.WriteLine($"\n<details><summary>{Figures.Jobs(_rest.Rows + _rest.Left)} {which}</summary>\n");
            _rest.WriteTo(output);
            output.WriteLine("\n</details>");
        }
    }

    private IEnumerable<string> Summary() =>
    [
        $"**{Figures.Jobs(Totals.Jobs)}**",
        .. from state in Totals.States.Reverse()
           select $"{Sign(state.State)} {Figures.Number(state.Jobs)} {state.State.ToString().ToLowerInvariant()}",
        .. Totals.CostTexts,
        .. Totals.Duration is { } span ? [Figures.Span(span)] : Array.Empty<string>(),
    ];

    private static string Amount(decimal? amount) => amount is { } known ? Figures.Amount(known) : "";

    private static string Sign(KlingJobState state) => state switch
    {
        KlingJobState.Saved or KlingJobState.Succeeded => "✅",
        KlingJobState.Failed or KlingJobState.Refused => "❌",
        KlingJobState.Uncertain => "⚠️",
        _ => "⏳",
    };

    // No value can be markup: whatever stands in a hole is escaped for a cell of a table.
    private static string Escaped(FormattableString text) => ReportText.Fill(text, Escape);

    private static string Escape(string value) => Marks.Replace(value, static mark => mark.Value switch
    {
        "<" => "&lt;",
        ">" => "&gt;",
        "&" => "&amp;",
        "@" => "@<!-- -->", // an address or a mention otherwise, however it is escaped
        var sign => "\\" + sign,
    });

    /// <summary>A table that grows by rows until it is as large as a build's page takes.</summary>
    private sealed class Table(ReportPart part, string head)
    {
        // GitHub refuses the summary of a step above 1 MiB: half of that for each of the two tables leaves nothing over for the rest.
        private const int MostBytes = 450 * 1024;

        private int _bytes;

        public int Rows { get; private set; }

        public int Left { get; private set; }

        public void Add(string row)
        {
            _bytes += Encoding.UTF8.GetByteCount(row) + 1;
            if (_bytes > MostBytes)
            {
                Left++;
                return;
            }

            Rows++;
            part.Writer.WriteLine(row);
        }

        public void WriteTo(StreamWriter output)
        {
            output.WriteLine(head);
            part.CopyTo(output);
            if (Left > 0)
            {
                output.WriteLine($"\nAnd {Figures.Number(Left)} more, for which a build's summary has no room.");
            }
        }
    }
}
