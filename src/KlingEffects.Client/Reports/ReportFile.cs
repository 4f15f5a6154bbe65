namespace KlingEffects.Reports;

/// <summary>A report's file, written under another name and renamed, so that nobody reads a part of one.</summary>
internal sealed class ReportFile
{
    private readonly string _path;
    private readonly string _partial;
    private readonly KlingReportForm _form;
    private readonly ReportLinks _links;
    private readonly Func<string, FileStream> _create;

    public ReportFile(string path, KlingReportForm form, Func<string, string?> resolve, Func<string, FileStream>? create = null)
    {
        (_path, _form, _links) = (path, form, new ReportLinks(path, resolve));
        _partial = $"{path}.{Guid.NewGuid().ToString("N").Substring(0, 8)}.partial";
        _create = create ?? (static name => new FileStream(name, FileMode.CreateNew));
        if (Directory.Exists(path))
        {
            throw Failed("it is a folder", "Name a file in it, such as report.html.");
        }

        // Fail before the jobs come if the folder is not writable.
        Attempt(() => _create(_partial).Dispose());
    }

    public static KlingReportForm FormFrom(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".html" or ".htm" => KlingReportForm.Html,
        ".xml" => KlingReportForm.JUnit,
        ".md" or ".markdown" => KlingReportForm.Markdown,
        _ => throw new KlingException(
            KlingErrorId.InvalidRequest, $"The extension of '{path}' does not tell the form of the report.",
            target: path,
            advice: $"Name a file that ends in .html, .xml or .md, or give {Term.As} Html, JUnit or Markdown."),
    };

    public void Write(IReadOnlyList<KlingJob> jobs) => Attempt(() =>
    {
        using (FileStream file = _create(_partial))
        {
            StreamWriter output = new(file) { NewLine = "\n" };
            Action<StreamWriter> write = _form switch
            {
                KlingReportForm.Html => new HtmlReport(jobs, _links).WriteTo,
                KlingReportForm.JUnit => new JUnitReport(jobs, _links).WriteTo,
                _ => new MarkdownReport(jobs).WriteTo,
            };
            write(output);
            output.Flush();
            file.Flush(flushToDisk: true);
        }

        FileMoves.Rename(_partial, _path);
    });

    private void Attempt(Action work)
    {
        try
        {
            work();
        }
        catch (Exception fault) when (FileFault.IsOfFile(fault))
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
        finally
        {
            FileFault.Try(() => File.Delete(_partial));
        }
    }

    private KlingException Failed(string reason, string advice, Exception? cause = null) =>
        new(KlingErrorId.ReportFailed, $"The report '{_path}' could not be written: {reason}.", cause, advice, target: _path);
}
