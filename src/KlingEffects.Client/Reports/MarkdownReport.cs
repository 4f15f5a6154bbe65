using KlingEffects.Reports.Content;

namespace KlingEffects.Reports;

/// <summary>A summary for a build's step, in GitHub's Markdown: totals, what went wrong, and the rest folded away.</summary>
internal sealed class MarkdownReport(ReportPart wrong, ReportPart rest) : JobReport
{
    // No value can be markup: whatever stands in a hole is escaped for a cell of a table.
    private static readonly HoleFormat Escaping = new(static value => Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));

    private readonly Table _wrong = new(wrong, "| Job | Scene | State | Why | What to do |\n| --- | --- | --- | --- | --- |");
    private readonly Table _rest = new(
        rest, "| Job | Scene | State | Took | Units | Cost | Videos |\n| --- | --- | --- | ---: | ---: | ---: | --- |");

    protected override void Write(KlingJob job)
    {
        FormattableString start = $"| {ReportText.JobName(job)} | {ReportText.Scene(job)} | {Sign(job.State)} {job.State} |";
        if (Outcome.WentWrong(job))
        {
            _wrong.Add(start, $" {Outcome.Reason(job)} | {Outcome.AdviceFor(job)} |");
            return;
        }

        string took = Outcome.Duration(job) is { } span ? Figures.Span(span) : "";
        string videos = string.Join(", ", job.Files.Select(ReportText.FileName));
        _rest.Add(start, $" {took} | {Amount(job.Units)} | {Amount(job.Cost)} | {videos} |");
    }

    protected override void Finish(TextWriter output)
    {
        output.WriteLine(((FormattableString)$"## Kling effects: {Totals.Title}").ToString(Escaping));
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
            output.WriteLine($"\n<details><summary>{Figures.Count(_rest.Rows + _rest.Left, "job", "jobs")} {which}</summary>\n");
            _rest.WriteTo(output);
            output.WriteLine("\n</details>");
        }
    }

    private IEnumerable<string> Summary() =>
    [
        $"**{Figures.Count(Totals.Jobs, "job", "jobs")}**",
        .. from state in Outcome.States.Reverse()
           where Totals.Of(state) > 0
           select $"{Sign(state)} {Figures.Number(Totals.Of(state))} {state.ToString().ToLowerInvariant()}",
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

    private static string Escape(string value)
    {
        StringBuilder escaped = new(value.Length + 8);
        for (int at = 0; at < value.Length; at++)
        {
            _ = value[at] switch
            {
                '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '~' or '$' or '#' or '!' => escaped.Append('\\').Append(value[at]),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '&' => escaped.Append("&amp;"),
                '@' => escaped.Append("@<!-- -->"), // an address or a mention otherwise, however it is escaped
                ':' when string.CompareOrdinal(value, at, "://", 0, 3) == 0 => escaped.Append("\\:"),
                '.' when at >= 3 && string.Compare(value, at - 3, "www", 0, 3, StringComparison.OrdinalIgnoreCase) == 0 =>
                    escaped.Append("\\."),
                char c => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    /// <summary>A table that grows by rows until it is as large as a build's page takes.</summary>
    private sealed class Table(ReportPart part, string head)
    {
        // GitHub refuses the summary of a step above 1 MiB: half of that for each of the two tables leaves nothing over for the rest.
        private const int MostBytes = 450 * 1024;

        private int _bytes;

        public int Rows { get; private set; }

        public int Left { get; private set; }

        public void Add(FormattableString start, FormattableString cells)
        {
            string line = start.ToString(Escaping) + cells.ToString(Escaping);
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
                output.WriteLine($"\nAnd {Figures.Number(Left)} more, for which a build's summary has no room.");
            }
        }
    }
}
