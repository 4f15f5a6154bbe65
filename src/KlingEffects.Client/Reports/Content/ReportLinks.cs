namespace KlingEffects.Reports.Content;

/// <summary>How a report refers to files: relative to its own folder, so that the folder can be moved, zipped and served.</summary>
/// <param name="reportPath">The report's full path.</param>
/// <param name="resolve">Makes a full path of one that is relative, as a user means it; null where that can't be told.</param>
internal sealed class ReportLinks(string reportPath, Func<string, string?> resolve)
{
    private readonly FilePath? _folder = FilePath.Parse(reportPath) is { } report
        ? report with { Names = [.. report.Names.Take(report.Names.Count - 1)] }
        : null;

    /// <summary>The path, URL or any text that a journal or a row has, as a report shows it.</summary>
    public ReportLink To(string value)
    {
        string name = ReportText.ImageName(value);
        if (ReportText.IsWeb(value))
        {
            string url = ServerText.WithoutQuery(value);
            return new ReportLink(name, Uri.TryCreate(url, UriKind.Absolute, out _) ? url : null, IsWeb: true);
        }

        string? file = value.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? null : Url(value);
        bool isShare = file?.StartsWith("file://", StringComparison.Ordinal) == true
            && !file.StartsWith("file:///", StringComparison.Ordinal);
        return new ReportLink(name, file, isShare);
    }

    private string? Url(string path)
    {
        FilePath? file = FilePath.Parse(path) ?? (resolve(path) is { } full ? FilePath.Parse(full) : null);
        return file is not null && file.Names.Count > 0 && _folder is not null ? file.UrlFrom(_folder) : null;
    }
}

/// <summary>A picture or video as a report shows it.</summary>
/// <param name="Name">What a reader calls it.</param>
/// <param name="Url">Where it is, escaped; null where that is not known.</param>
/// <param name="IsWeb">Whether it lies on another host, of the web or with a share, which nothing but a reader's click may ask.</param>
internal sealed record ReportLink(string Name, string? Url, bool IsWeb);
