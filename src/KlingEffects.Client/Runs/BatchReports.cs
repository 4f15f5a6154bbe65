using KlingEffects.Reports;
using KlingEffects.Reports.Content;

namespace KlingEffects.Runs;

/// <summary>The reports of a batch, each replaced once its successor is complete.</summary>
internal static class BatchReports
{
    private static readonly (string Name, string Extension)[] Forms = [("results", "xml"), ("report", "html"), ("summary", "md")];

    /// <exception cref="KlingException">ReportFailed.</exception>
    public static IReadOnlyDictionary<string, string> Write(BatchState state, IEnumerable<KlingJob> jobs, Func<string, string> resolvePath)
    {
        Dictionary<string, string> files = [];
        foreach ((string name, string extension) in Forms)
        {
            string path = state.PathOf(name, extension);
            using ReportFile report = new(path, ReportFile.FormFrom(path), new ReportLinks(path, picture => Resolve(picture, resolvePath)));
            foreach (KlingJob job in jobs)
            {
                report.Add(job);
            }

            report.Complete();
            files.Add(name, path);
        }

        return files;
    }

    private static string? Resolve(string picture, Func<string, string> resolvePath)
    {
        try
        {
            return resolvePath(picture);
        }
        catch (Exception fault) when (fault is KlingException or ArgumentException or NotSupportedException or IOException)
        {
            return null;
        }
    }
}
