namespace KlingEffects.Reports;

/// <summary>Links to files, relative to the report's folder, so that the folder can be moved, zipped and served.</summary>
internal sealed class ReportLinks(string reportPath, Func<string, string?> resolve)
{
    private readonly FilePath? _folder = FilePath.Parse(reportPath) is { } report
        ? report with { Names = [.. report.Names.Take(report.Names.Count - 1)] }
        : null;

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

/// <summary>An image or video in a report. A URL of another host (web or share) must not be loaded without a click.</summary>
internal sealed record ReportLink(string Name, string? Url, bool IsWeb);
