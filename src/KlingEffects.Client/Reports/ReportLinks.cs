namespace KlingEffects.Reports;

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

        FilePath? file = ReportText.IsData(value) ? null
            : FilePath.Parse(value) ?? (resolve(value) is { } full ? FilePath.Parse(full) : null);
        string? path = file is { Names.Count: > 0 } && _folder is not null ? file.UrlFrom(_folder) : null;
        bool isShare = path is ['f', 'i', 'l', 'e', ':', '/', '/', not '/', ..];
        return new ReportLink(name, path, isShare);
    }
}

/// <summary>A picture or video as a report shows it.</summary>
/// <param name="Name">What a reader calls it.</param>
/// <param name="Url">Where it is, escaped; null where that is not known.</param>
/// <param name="IsWeb">Whether it lies on another host, of the web or with a share, which nothing but a reader's click may ask.</param>
internal sealed record ReportLink(string Name, string? Url, bool IsWeb);
