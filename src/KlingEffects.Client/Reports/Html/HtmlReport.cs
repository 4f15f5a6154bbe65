using KlingEffects.Reports.Content;

namespace KlingEffects.Reports.Html;

/// <summary>A page that stands alone: a head with the totals, and a card for each job with its pictures beside its videos.</summary>
internal sealed class HtmlReport(ReportLinks links, ReportPart cards) : JobReport
{
    protected override void Write(KlingJob job) => cards.Writer.WriteLine(JobCard.Of(job, links, Jobs));

    protected override void Finish(TextWriter output)
    {
        output.WriteLine(PageFrame.Start(Totals));
        output.WriteLine(PageHead.Of(Totals));
        output.WriteLine(FilterBar.Of(Totals));
        output.WriteLine(Markup.Of($"""<main id="jobs" aria-label="Jobs">"""));
        cards.CopyTo(output);
        output.WriteLine(Markup.Of($"""<p class="none" id="none"{(Jobs > 0 ? Markup.Of($" hidden") : Markup.None)}>{(Jobs > 0 ? "No job matches." : "There are no jobs.")}</p>"""));
        output.WriteLine(PageFrame.End);
    }
}
