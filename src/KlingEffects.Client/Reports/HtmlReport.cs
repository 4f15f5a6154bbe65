namespace KlingEffects.Reports;

/// <summary>A page that loads nothing from any host and runs its own script only.</summary>
internal sealed class HtmlReport(IReadOnlyList<KlingJob> jobs, ReportLinks links)
{
    private static readonly Markup Style = Markup.Resource("report.css");
    private static readonly Markup Script = Markup.Resource("report.js");
    private static readonly Markup Icons = Markup.Resource("report-icons.svg");

    // A second protection besides escaping: browsers run these two texts only, and load from the page's place only.
    private static readonly string Policy =
        "default-src 'none'; img-src 'self' file: data:; media-src 'self' file:; "
        + $"style-src '{Digest(Style)}'; script-src '{Digest(Script)}'; base-uri 'none'; form-action 'none'";

    private const string Favicon = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
        + "%3Crect width='16' height='16' rx='4' fill='%235b4fd6'/%3E%3Cpath d='M6 4.5v7l6-3.5z' fill='%23fff'/%3E%3C/svg%3E";

    private readonly ReportTotals _totals = new(jobs);

    public static Markup Moment(DateTimeOffset time)
    {
        string instant = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        string words = time.UtcDateTime.ToString("d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);
        return Markup.From($"""<time datetime="{instant}">{words}</time>""");
    }

    public void WriteTo(StreamWriter output)
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
            <title>{_totals.Title}: {Figures.Jobs(jobs.Count)}</title>
            <link rel="icon" href="{Favicon}">
            <style>{Style}</style>
            </head>
            <body>
            {Icons}
            <header class="head">
            <p class="eyebrow">Kling effects</p>
            <h1><bdi>{_totals.Title}</bdi></h1>
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
            <output id="count" aria-live="polite">{Figures.Jobs(jobs.Count)}</output>
            </form>
            <main id="jobs" aria-label="Jobs">
            """));
        for (int at = 0; at < jobs.Count; at++)
        {
            output.WriteLine(JobCard.From(jobs[at], links, at + 1));
        }

        string none = jobs.Count > 0 ? "No job matches." : "There are no jobs.";
        output.WriteLine(Markup.From($"""
            <p class="none" id="none"{Markup.If(jobs.Count > 0, $" hidden")}>{none}</p>
            </main>
            <footer><p><kbd>/</kbd> search <kbd>j</kbd> <kbd>k</kbd> next and previous job <kbd>Enter</kbd> play
            <kbd>Esc</kbd> show all</p></footer>
            <script>{Script}</script>
            </body>
            </html>
            """));
    }

    private Markup When() => _totals is { From: { } from, To: { } to }
        ? Markup.From($"""<p class="when">{Moment(from)}{Markup.If(to > from, $" – {Moment(to)}")}</p>""")
        : default;

    // Attributes, because the policy allows no inline styles.
    private Markup Bar()
    {
        List<Markup> parts = [];
        double at = 0;
        foreach ((KlingJobState state, int count) in _totals.States.Reverse())
        {
            double width = 100.0 * count / jobs.Count;
            Markup title = Markup.From($"<title>{state}: {Figures.Number(count)}</title>");
            (string x, string share) = (Percent(at), Percent(width));
            parts.Add(Markup.From($"""<rect x="{x}" width="{share}" height="100%" data-state="{state}">{title}</rect>"""));
            at += width;
        }

        return Markup.If(parts.Count > 0, $"""<svg class="bar" aria-hidden="true" focusable="false">{Markup.Join(parts)}</svg>""");
    }

    private IEnumerable<Markup> TotalFigures()
    {
        int saved = _totals.Of(KlingJobState.Saved);
        int open = _totals.Of(KlingJobState.Running) + _totals.Of(KlingJobState.Submitting);
        return
        [
            Figure("Jobs", Figures.Number(jobs.Count), _totals.Retried > 0 ? $"{Figures.Number(_totals.Retried)} submitted again" : null),
            Figure("Saved", Figures.Number(saved), Share(saved), "Saved"),
            _totals.Wrong > 0 ? Figure("Went wrong", Figures.Number(_totals.Wrong), Share(_totals.Wrong), "Failed") : default,
            open > 0 ? Figure("Not ended", Figures.Number(open), null, "Running") : default,
            .. _totals.Costs.Select(static cost => Figure(cost.Name, cost.Sum, cost.Note)),
            _totals.Duration is { } span ? Figure("Duration", Figures.Span(span), null) : default,
        ];
    }

    private static Markup Figure(string label, string value, string? note, string? state = null)
    {
        Markup small = Markup.If(note is not null, $" <small>{note}</small>");
        Markup attribute = Markup.If(state is not null, $" data-state=\"{state}\"");
        return Markup.From($"<div{attribute}><dt>{label}</dt><dd>{value}{small}</dd></div>");
    }

    private IEnumerable<Markup> Choices() =>
    [
        Choice("", "All", jobs.Count, isChecked: true),
        jobs.Where(ReportText.WentWrong).Select(static job => job.State).Distinct().Count() > 1
            ? Choice("wrong", "Went wrong", _totals.Wrong)
            : default,
        .. _totals.States.Select(static state => Choice($"{state.State}", $"{state.State}", state.Jobs)),
    ];

    private static Markup Choice(string value, string label, int count, bool isChecked = false)
    {
        Markup input = Markup.From($"""<input type="radio" name="state" value="{value}"{Markup.If(isChecked, $" checked")}>""");
        return Markup.From($"""<label data-state="{value}">{input}<span>{label} <b>{count}</b></span></label>""");
    }

    private string Share(int count) => jobs.Count == 0 ? "0 %" : Figures.Number((int)Math.Round(100.0 * count / jobs.Count)) + " %";

    private static string Percent(double share) => share.ToString("0.###", CultureInfo.InvariantCulture) + "%";

    private static string Digest(Markup text) => "sha256-" + Convert.ToBase64String(Sha256.Hash(text.ToString()));
}
