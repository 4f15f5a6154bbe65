using System.Security.Cryptography;
using System.Text;
using KlingEffects.Reports.Content;

namespace KlingEffects.Reports.Html;

/// <summary>What stands around the page's content: nothing in it is asked of any host, and nothing runs but the one script.</summary>
internal static class PageFrame
{
    private static readonly Markup Style = Markup.Resource("report.css");
    private static readonly Markup Script = Markup.Resource("report.js");
    private static readonly Markup Icons = Markup.Resource("report-icons.svg");

    // A second lock behind the escaping: a browser runs and applies these two texts only, and loads from the page's own place only.
    private static readonly string Policy =
        $"default-src 'none'; img-src 'self' file: data:; media-src 'self' file:; style-src '{Digest(Style)}'; script-src '{Digest(Script)}'; "
        + "base-uri 'none'; form-action 'none'";

    public static Markup End { get; } = Markup.Of($"""
        </main>
        <footer><p><kbd>/</kbd> search <kbd>j</kbd> <kbd>k</kbd> next and previous job <kbd>Enter</kbd> play <kbd>Esc</kbd> show all</p></footer>
        <script>{Script}</script>
        </body>
        </html>
        """);

    public static Markup Start(ReportTotals totals) => Markup.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="{Policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <title>{totals.Title}: {Figures.Count(totals.Jobs, "job", "jobs")}</title>
        <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%235b4fd6'/%3E%3Cpath d='M6 4.5v7l6-3.5z' fill='%23fff'/%3E%3C/svg%3E">
        <style>{Style}</style>
        </head>
        <body>
        {Icons}
        """);

    private static string Digest(Markup text)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(text.ToString()));
        return "sha256-" + Convert.ToBase64String(hash.GetHashAndReset());
    }
}
