namespace KlingEffects.Reports;

/// <summary>The extensions of the forms.</summary>
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
}
