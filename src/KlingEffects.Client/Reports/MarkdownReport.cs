namespace KlingEffects.Reports;

/// <summary>A summary of a build's step in GitHub's Markdown: totals, failures, and the rest folded.</summary>
internal sealed class MarkdownReport(IReadOnlyList<KlingJob> jobs)
{
    // GitHub refuses a summary of more than 1 MiB, and there are two tables.
    private const int MostTableBytes = 450 * 1024;

    // Also of addresses, which GitHub turns into links.
    private static readonly Regex Marks = new(
        @"[\\`*_\[\]|~$#!<>&@]|:(?=//)|(?<=www)\.", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    private readonly ReportTotals _totals = new(jobs);

    public void WriteTo(StreamWriter output)
    {
        output.WriteLine(Escaped($"## Kling effects: {_totals.Title}"));
        output.WriteLine();
        output.WriteLine(string.Join(" · ", Summary()));
        if (_totals.Wrong > 0)
        {
            output.WriteLine("\n### What went wrong\n");
            output.WriteLine("| Job | Scene | State | Why | What to do |\n| --- | --- | --- | --- | --- |");
            WriteRows(output, [.. jobs.Where(ReportText.WentWrong).Select(WrongRow)]);
        }

        string[] rest = [.. jobs.Where(static job => !ReportText.WentWrong(job)).Select(Row)];
        if (rest.Length > 0)
        {
            string which = _totals.Wrong > 0 ? "besides" : "in all";
            output.WriteLine($"\n<details><summary>{Figures.Jobs(rest.Length)} {which}</summary>\n");
            output.WriteLine("| Job | Scene | State | Took | Units | Cost | Videos |\n| --- | --- | --- | ---: | ---: | ---: | --- |");
            WriteRows(output, rest);
            output.WriteLine("\n</details>");
        }
    }

    private static void WriteRows(StreamWriter output, string[] rows)
    {
        int bytes = 0;
        int written = 0;
        foreach (string row in rows.TakeWhile(row => (bytes += Encoding.UTF8.GetByteCount(row) + 1) <= MostTableBytes))
        {
            output.WriteLine(row);
            written++;
        }

        if (written < rows.Length)
        {
            output.WriteLine($"\nAnd {Figures.Number(rows.Length - written)} more, for which a build's summary has no room.");
        }
    }

    private static string WrongRow(KlingJob job) => Start(job) + Escaped($" {ReportText.Reason(job)} | {ReportText.AdviceFor(job)} |");

    private static string Row(KlingJob job)
    {
        string took = ReportText.Duration(job) is { } span ? Figures.Span(span) : "";
        string videos = string.Join(", ", job.Files.Select(ReportText.FileName));
        return Start(job) + Escaped($" {took} | {Amount(job.Units)} | {Amount(job.Cost)} | {videos} |");
    }

    private static string Start(KlingJob job)
    {
        string sign = ReportText.WentWrong(job) ? "❌" : Sign(job.State);
        return Escaped($"| {ReportText.JobName(job)} | {ReportText.Scene(job)} | {sign} {job.State} |");
    }

    private IEnumerable<string> Summary() =>
    [
        $"**{Figures.Jobs(jobs.Count)}**",
        .. from state in _totals.States.Reverse()
           select $"{Sign(state.State)} {Figures.Number(state.Jobs)} {state.State.ToString().ToLowerInvariant()}",
        .. _totals.CostTexts,
        .. _totals.Duration is { } span ? [Figures.Span(span)] : Array.Empty<string>(),
    ];

    private static string Amount(decimal? amount) => amount is { } known ? Figures.Amount(known) : "";

    private static string Sign(KlingJobState state) => state switch
    {
        KlingJobState.Saved or KlingJobState.Succeeded => "✅",
        KlingJobState.Failed or KlingJobState.Refused => "❌",
        KlingJobState.Uncertain => "⚠️",
        _ => "⏳",
    };

    private static string Escaped(FormattableString text) => ReportText.Fill(text, Escape);

    private static string Escape(string value) => Marks.Replace(value, static mark => mark.Value switch
    {
        "<" => "&lt;",
        ">" => "&gt;",
        "&" => "&amp;",
        "@" => "@<!-- -->", // even escaped it would be an address or a mention
        var sign => "\\" + sign,
    });
}
