using KlingEffects.Reports.Content;

namespace KlingEffects.Reports.Markdown;

/// <summary>A summary for a build's step: totals, what went wrong, and the rest folded away.</summary>
internal sealed class MarkdownReport(ReportPart wrong, ReportPart rest) : JobReport
{
    private readonly MarkdownTable _wrong = new(wrong, """
        | Job | Scene | State | Why | What to do |
        | --- | --- | --- | --- | --- |
        """.Replace("\r\n", "\n"));

    private readonly MarkdownTable _rest = new(rest, """
        | Job | Scene | State | Took | Units | Cost | Videos |
        | --- | --- | --- | ---: | ---: | ---: | --- |
        """.Replace("\r\n", "\n"));

    protected override void Write(KlingJob job)
    {
        if (Outcome.WentWrong(job))
        {
            _wrong.Add($"| {JobName.Of(job)} | {JobName.SceneOf(job)} | {Sign(job.State)} {job.State} | {Outcome.Reason(job)} | {Outcome.AdviceFor(job)} |");
            return;
        }

        string videos = string.Join(", ", job.Files.Select(ReportText.NameOf));
        _rest.Add($"| {JobName.Of(job)} | {JobName.SceneOf(job)} | {Sign(job.State)} {job.State} | {(Outcome.Duration(job) is { } span ? Figures.Span(span) : "")} | {Amount(job.Units)} | {Amount(job.Cost)} | {videos} |");
    }

    protected override void Finish(TextWriter output)
    {
        output.WriteLine(MarkdownText.Of($"## Kling effects: {Totals.Title}"));
        output.WriteLine();
        output.WriteLine(string.Join(" · ", Summary()));
        if (_wrong.Rows > 0)
        {
            output.WriteLine();
            output.WriteLine("### What went wrong");
            output.WriteLine();
            _wrong.WriteTo(output);
        }

        if (_rest.Rows > 0)
        {
            output.WriteLine();
            output.WriteLine($"<details><summary>{Figures.Count(_rest.Rows + _rest.Left, "job", "jobs")} {(_wrong.Rows > 0 ? "besides" : "in all")}</summary>");
            output.WriteLine();
            _rest.WriteTo(output);
            output.WriteLine();
            output.WriteLine("</details>");
        }
    }

    private IEnumerable<string> Summary()
    {
        yield return $"**{Figures.Count(Totals.Jobs, "job", "jobs")}**";
        foreach (KlingJobState state in Outcome.States.Reverse().Where(state => Totals.Of(state) > 0))
        {
            yield return FormattableString.Invariant($"{Sign(state)} {Totals.Of(state):#,0} {state.ToString().ToLowerInvariant()}");
        }

        foreach (string cost in Totals.CostTexts)
        {
            yield return cost;
        }

        if (Totals.Duration is { } span)
        {
            yield return Figures.Span(span);
        }
    }

    private static string Amount(decimal? amount) => amount is { } told ? Figures.Amount(told) : "";

    private static string Sign(KlingJobState state) => state switch
    {
        KlingJobState.Saved or KlingJobState.Succeeded => "✅",
        KlingJobState.Failed or KlingJobState.Refused => "❌",
        KlingJobState.Uncertain => "⚠️",
        _ => "⏳",
    };
}
