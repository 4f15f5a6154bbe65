using System.Globalization;
using KlingEffects.Reports.Content;

namespace KlingEffects.Reports.Html;

/// <summary>The head of the page: what the batch came to, as a bar and as figures.</summary>
internal static class PageHead
{
    public static Markup Of(ReportTotals totals) => Markup.Of($"""
        <header class="head">
        <p class="eyebrow">Kling effects</p>
        <h1><bdi>{totals.Title}</bdi></h1>
        {When(totals)}
        {Bar(totals)}
        <dl class="figures">
        {Figure("Jobs", Number(totals.Jobs), totals.Retried > 0 ? $"{Number(totals.Retried)} submitted again" : null)}
        {Figure("Saved", Number(totals.Of(KlingJobState.Saved)), Share(totals.Of(KlingJobState.Saved), totals.Jobs), "Saved")}
        {(totals.Wrong > 0 ? Figure("Went wrong", Number(totals.Wrong), Share(totals.Wrong, totals.Jobs), "Failed") : Markup.None)}
        {(Open(totals) > 0 ? Figure("Not ended", Number(Open(totals)), null, "Running") : Markup.None)}
        {Markup.Join(totals.Costs.Select(static cost => Figure(cost.Name, cost.Sum, cost.Note)))}
        {(totals.Duration is { } span ? Figure("Duration", Figures.Span(span), null) : Markup.None)}
        </dl>
        </header>
        """);

    private static int Open(ReportTotals totals) => totals.Of(KlingJobState.Running) + totals.Of(KlingJobState.Submitting);

    private static Markup When(ReportTotals totals) => totals is { From: { } from, To: { } to }
        ? Markup.Of($"""<p class="when">{Moment(from)}{(to > from ? Markup.Of($" – {Moment(to)}") : Markup.None)}</p>""")
        : Markup.None;

    private static Markup Moment(DateTimeOffset time) => Markup.Of($"""<time datetime="{Figures.Instant(time)}">{Figures.Time(time)}</time>""");

    // Attributes, not styles: the page's policy allows no style but the sheet's.
    private static Markup Bar(ReportTotals totals)
    {
        List<Markup> parts = [];
        double at = 0;
        foreach (KlingJobState state in Outcome.States.Reverse().Where(state => totals.Of(state) > 0))
        {
            double width = 100.0 * totals.Of(state) / totals.Jobs;
            parts.Add(Markup.Of($"""<rect x="{Percent(at)}" width="{Percent(width)}" height="100%" data-state="{state}"><title>{state}: {Number(totals.Of(state))}</title></rect>"""));
            at += width;
        }

        return parts.Count == 0 ? Markup.None : Markup.Of($"""<svg class="bar" aria-hidden="true" focusable="false">{Markup.Join(parts)}</svg>""");
    }

    private static Markup Figure(string label, string value, string? note, string? state = null) => Markup.Of(
        $"""<div{(state is null ? Markup.None : Markup.Of($" data-state=\"{state}\""))}><dt>{label}</dt><dd>{value}{(note is null ? Markup.None : Markup.Of($" <small>{note}</small>"))}</dd></div>""");

    private static string Share(int count, int all) => all == 0 ? "0 %" : Number((int)Math.Round(100.0 * count / all)) + " %";

    private static string Number(int count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => share.ToString("0.###", CultureInfo.InvariantCulture) + "%";
}
