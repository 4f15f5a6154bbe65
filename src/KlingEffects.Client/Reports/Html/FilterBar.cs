using KlingEffects.Reports.Content;

namespace KlingEffects.Reports.Html;

/// <summary>What narrows the page down to some of its jobs: a text, and the states that there are.</summary>
internal static class FilterBar
{
    public static Markup Of(ReportTotals totals) => Markup.Of($"""
        <form class="filter" role="search" aria-label="Filter the jobs">
        <label class="find"><span class="unseen">Search names, scenes, ids and reasons</span>{Icon.Of("find")}<input id="find" type="search" placeholder="Search" autocomplete="off" spellcheck="false" aria-keyshortcuts="/"></label>
        <fieldset><legend class="unseen">State</legend>{Markup.Join(Choices(totals))}</fieldset>
        <output id="count" aria-live="polite">{Figures.Count(totals.Jobs, "job", "jobs")}</output>
        </form>
        """);

    private static IEnumerable<Markup> Choices(ReportTotals totals)
    {
        yield return Choice("", "All", totals.Jobs, isChosen: true);
        if (totals.Wrong > 0 && Outcome.States.All(state => totals.Of(state) != totals.Wrong))
        {
            yield return Choice("wrong", "Went wrong", totals.Wrong);
        }

        foreach (KlingJobState state in Outcome.States.Where(state => totals.Of(state) > 0))
        {
            yield return Choice(state.ToString(), state.ToString(), totals.Of(state));
        }
    }

    private static Markup Choice(string value, string label, int count, bool isChosen = false) => Markup.Of(
        $"""<label data-state="{value}"><input type="radio" name="state" value="{value}"{(isChosen ? Markup.Of($" checked") : Markup.None)}><span>{label} <b>{count}</b></span></label>""");
}
