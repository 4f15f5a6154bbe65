using KlingEffects.Reports.Content;
using KlingEffects.Reports.Html;
using KlingEffects.Reports.JUnit;
using KlingEffects.Reports.Markdown;

namespace KlingEffects.Reports;

/// <summary>The forms: their extensions, and what writes them.</summary>
internal static class ReportForms
{
    /// <exception cref="KlingException">InvalidRequest: the extension is none of a report.</exception>
    public static KlingReportForm Of(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".html" or ".htm" => KlingReportForm.Html,
        ".xml" => KlingReportForm.JUnit,
        ".md" or ".markdown" => KlingReportForm.Markdown,
        _ => throw new KlingException(KlingErrorId.InvalidRequest, $"The extension of '{path}' does not tell the form of the report.")
        {
            Target = path,
            RecommendedAction = "Name a file that ends in .html, .xml or .md, or give -As Html, JUnit or Markdown.",
        },
    };

    /// <summary>Makes the report of a form.</summary>
    /// <param name="form">Which.</param>
    /// <param name="links">How the report's text refers to files.</param>
    /// <param name="openPart">Opens an empty stream that holds a part until the end.</param>
    public static JobReport Create(KlingReportForm form, ReportLinks links, Func<Stream> openPart) => form switch
    {
        KlingReportForm.Html => new HtmlReport(links, new ReportPart(openPart())),
        KlingReportForm.JUnit => new JUnitReport(links, new ReportPart(openPart())),
        _ => new MarkdownReport(new ReportPart(openPart()), new ReportPart(openPart())),
    };
}
