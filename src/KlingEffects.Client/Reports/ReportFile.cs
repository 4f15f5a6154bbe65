using KlingEffects.Files;

namespace KlingEffects.Reports;

/// <summary>A report as a file: written under another name and renamed once it is complete, so that nobody reads half of one.</summary>
internal sealed class ReportFile : IDisposable
{
    private readonly string _path;
    private readonly string _partial;
    private readonly List<FileStream> _parts = [];
    private readonly Func<string, FileOptions, FileStream> _create;
    private readonly JobReport _report;

    /// <param name="path">Its full path.</param>
    /// <param name="form">Its form.</param>
    /// <param name="resolve">Makes a full path of one that is relative, as a user means it; null where that can't be told.</param>
    /// <param name="create">Makes its files; for tests.</param>
    /// <exception cref="KlingException">ReportFailed: the folder is not there or can't be written to.</exception>
    public ReportFile(
        string path, KlingReportForm form, Func<string, string?> resolve, Func<string, FileOptions, FileStream>? create = null)
    {
        _path = path;
        _create = create ?? (static (name, options) =>
            new FileStream(name, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, ReportPart.Block, options));
        _partial = $"{path}.{Guid.NewGuid().ToString("N").Substring(0, 8)}.partial";
        if (Directory.Exists(path))
        {
            throw Failed("it is a folder", "Name a file in it, such as report.html.");
        }

        try
        {
            _report = Tried<JobReport>(() => form switch
            {
                KlingReportForm.Html => new HtmlReport(new ReportLinks(path, resolve), OpenPart()),
                KlingReportForm.JUnit => new JUnitReport(new ReportLinks(path, resolve), OpenPart()),
                _ => new MarkdownReport(OpenPart(), OpenPart()),
            });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Jobs => _report.Jobs;

    /// <exception cref="KlingException">InvalidRequest: the extension is none of a report.</exception>
    public static KlingReportForm FormFrom(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".html" or ".htm" => KlingReportForm.Html,
        ".xml" => KlingReportForm.JUnit,
        ".md" or ".markdown" => KlingReportForm.Markdown,
        _ => throw new KlingException(KlingErrorId.InvalidRequest, $"The extension of '{path}' does not tell the form of the report.")
        {
            Target = path,
            RecommendedAction = $"Name a file that ends in .html, .xml or .md, or give {Term.As} Html, JUnit or Markdown.",
        },
    };

    /// <exception cref="KlingException">ReportFailed, such as for a full disk.</exception>
    public void Add(KlingJob job) => Tried(() =>
    {
        _report.Add(job);
        return true;
    });

    /// <summary>No job will come: the file is there under its name when this returns.</summary>
    /// <exception cref="KlingException">ReportFailed: there is no new file, and an older one is as it was.</exception>
    public void Complete() => Tried(() =>
    {
        try
        {
            using (FileStream output = _create(_partial, FileOptions.None))
            {
                _report.Complete(output);
                output.Flush(flushToDisk: true);
            }

            FileMoves.Rename(_partial, _path);
            return true;
        }
        catch
        {
            File.Delete(_partial);
            throw;
        }
    });

    public void Dispose()
    {
        foreach (FileStream part in _parts)
        {
            try
            {
                part.Dispose();
            }
            catch (IOException)
            {
                File.Delete(part.Name); // what a full disk did not take is tried again on closing
            }
        }

        _parts.Clear();
    }

    // Beside the report, where there is room for it if there is room for the report; gone when it is closed, or the process is.
    private ReportPart OpenPart()
    {
        FileStream part = _create($"{_partial}.{_parts.Count}", FileOptions.DeleteOnClose);
        _parts.Add(part);
        return new ReportPart(part);
    }

    private T Tried<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            (string reason, string advice) = fault switch
            {
                _ when FileFault.IsDiskFull(fault) =>
                    (FileFault.Reason(fault), "Free some space, or name a file on another disk; a report costs nothing to make again."),
                DirectoryNotFoundException => ("its folder is not there", "Make the folder first, or name one that is there."),
                UnauthorizedAccessException =>
                    ("access to the file or its folder is denied", "Name a file in a folder that you may write to."),
                PathTooLongException => ("the path is too long", "Name a file with a shorter path."),
                _ => (FileFault.Reason(fault), "Correct what the message names, or name another file."),
            };
            throw Failed(reason, advice, fault);
        }
    }

    private KlingException Failed(string reason, string advice, Exception? cause = null) =>
        new(KlingErrorId.ReportFailed, $"The report '{_path}' could not be written: {reason}.", cause)
        {
            Target = _path,
            RecommendedAction = advice,
        };
}
