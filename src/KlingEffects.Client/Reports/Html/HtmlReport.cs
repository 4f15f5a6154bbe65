using KlingEffects.Reports.Content;

namespace KlingEffects.Reports.Html;

/// <summary>A page that stands alone: nothing in it is asked of any host, and nothing runs but the one script.</summary>
internal sealed class HtmlReport(ReportLinks links, ReportPart cards) : JobReport
{
    private static readonly Markup Style = Markup.Resource("report.css");
    private static readonly Markup Script = Markup.Resource("report.js");
    private static readonly Markup Icons = Markup.Resource("report-icons.svg");

    // A second lock behind the escaping: a browser runs and applies these two texts only, and loads from the page's own place only.
    private static readonly string Policy =
        "default-src 'none'; img-src 'self' file: data:; media-src 'self' file:; "
        + $"style-src '{Digest(Style)}'; script-src '{Digest(Script)}'; base-uri 'none'; form-action 'none'";

    private const string Favicon = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
        + "%3Crect width='16' height='16' rx='4' fill='%235b4fd6'/%3E%3Cpath d='M6 4.5v7l6-3.5z' fill='%23fff'/%3E%3C/svg%3E";

    public static Markup Moment(DateTimeOffset time) =>
        Markup.From($"""<time datetime="{Figures.Instant(time)}">{Figures.Time(time)}</time>""");

    protected override void Write(KlingJob job) => cards.Writer.WriteLine(JobCard.From(job, links, Jobs));

    protected override void Finish(TextWriter output)
    {
        output.WriteLine(Markup.From($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <title>{Totals.Title}: {Figures.Count(Jobs, "job", "jobs")}</title>
            <link rel="icon" href="{Favicon}">
            <style>{Style}</style>
            </head>
            <body>
            {Icons}
            <header class="head">
            <p class="eyebrow">Kling effects</p>
            <h1><bdi>{Totals.Title}</bdi></h1>
            {When()}
            {Bar()}
            <dl class="figures">
            {Markup.Join(TotalFigures())}
            </dl>
            </header>
            <form class="filter" role="search" aria-label="Filter the jobs">
            <label class="find"><span class="unseen">Search names, scenes, ids and reasons</span>{Markup.Icon("find")}
            <input id="find" type="search" placeholder="Search" autocomplete="off" spellcheck="false" aria-keyshortcuts="/"></label>
            <fieldset><legend class="unseen">State</legend>{Markup.Join(Choices())}</fieldset>
            <output id="count" aria-live="polite">{Figures.Count(Jobs, "job", "jobs")}</output>
            </form>
            <main id="jobs" aria-label="Jobs">
            """));
        cards.CopyTo(output);
        output.WriteLine(Markup.From($"""
            <p class="none" id="none"{Markup.If(Jobs > 0, $" hidden")}>{(Jobs > 0 ? "No job matches." : "There are no jobs.")}</p>
            </main>
            <footer><p><kbd>/</kbd> search <kbd>j</kbd> <kbd>k</kbd> next and previous job <kbd>Enter</kbd> play
            <kbd>Esc</kbd> show all</p></footer>
            <script>{Script}</script>
            </body>
            </html>
            """));
    }

    private Markup When() => Totals is { From: { } from, To: { } to }
        ? Markup.From($"""<p class="when">{Moment(from)}{Markup.If(to > from, $" – {Moment(to)}")}</p>""")
        : default;

    // Attributes, not styles: the page's policy allows no style but the sheet's.
    private Markup Bar()
    {
        List<Markup> parts = [];
        double at = 0;
        foreach (KlingJobState state in Outcome.States.Reverse().Where(state => Totals.Of(state) > 0))
        {
            double width = 100.0 * Totals.Of(state) / Jobs;
            Markup title = Markup.From($"<title>{state}: {Figures.Number(Totals.Of(state))}</title>");
            (string x, string share) = (Percent(at), Percent(width));
            parts.Add(Markup.From($"""<rect x="{x}" width="{share}" height="100%" data-state="{state}">{title}</rect>"""));
            at += width;
        }

        return Markup.If(parts.Count > 0, $"""<svg class="bar" aria-hidden="true" focusable="false">{Markup.Join(parts)}</svg>""");
    }

    private IEnumerable<Markup> TotalFigures()
    {
        int saved = Totals.Of(KlingJobState.Saved);
        int open = Totals.Of(KlingJobState.Running) + Totals.Of(KlingJobState.Submitting);
        yield return Figure("Jobs", Figures.Number(Jobs), Totals.Retried > 0 ? $"{Figures.Number(Totals.Retried)} submitted again" : null);
        yield return Figure("Saved", Figures.Number(saved), Share(saved), "Saved");
        yield return Totals.Wrong > 0 ? Figure("Went wrong", Figures.Number(Totals.Wrong), Share(Totals.Wrong), "Failed") : default;
        yield return open > 0 ? Figure("Not ended", Figures.Number(open), null, "Running") : default;
        yield return Markup.Join(Totals.Costs.Select(static cost => Figure(cost.Name, cost.Sum, cost.Note)));
        yield return Totals.Duration is { } span ? Figure("Duration", Figures.Span(span), null) : default;
    }

    private static Markup Figure(string label, string value, string? note, string? state = null)
    {
        Markup small = Markup.If(note is not null, $" <small>{note}</small>");
        Markup attribute = Markup.If(state is not null, $" data-state=\"{state}\"");
        return Markup.From($"<div{attribute}><dt>{label}</dt><dd>{value}{small}</dd></div>");
    }

    private IEnumerable<Markup> Choices()
    {
        yield return Choice("", "All", Jobs, $" checked");
        if (Totals.Wrong > 0 && Outcome.States.All(state => Totals.Of(state) != Totals.Wrong))
        {
            yield return Choice("wrong", "Went wrong", Totals.Wrong, $"");
        }

        foreach (KlingJobState state in Outcome.States.Where(state => Totals.Of(state) > 0))
        {
            yield return Choice(state.ToString(), state.ToString(), Totals.Of(state), $"");
        }
    }

    private static Markup Choice(string value, string label, int count, FormattableString attribute)
    {
        Markup input = Markup.From($"""<input type="radio" name="state" value="{value}"{Markup.From(attribute)}>""");
        return Markup.From($"""<label data-state="{value}">{input}<span>{label} <b>{count}</b></span></label>""");
    }

    private string Share(int count) => Jobs == 0 ? "0 %" : Figures.Number((int)Math.Round(100.0 * count / Jobs)) + " %";

    private static string Percent(double share) => share.ToString("0.###", CultureInfo.InvariantCulture) + "%";

    private static string Digest(Markup text) => "sha256-" + Convert.ToBase64String(Sha256.Hash(text.ToString()));
}
