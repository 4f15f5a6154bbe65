using KlingEffects.Reports.Content;

namespace KlingEffects.Reports;

/// <summary>A report as a file: written under another name and renamed once it is complete, so that nobody reads half of one.</summary>
internal sealed class ReportFile : IDisposable
{
    private const int Block = 1 << 14;

    private readonly string _path;
    private readonly string _partial;
    private readonly List<Stream> _parts = [];
    private readonly Func<string, FileOptions, FileStream> _create;
    private readonly JobReport _report;

    /// <param name="path">The full path of the report.</param>
    /// <param name="form">What to write.</param>
    /// <param name="links">How the report refers to files.</param>
    /// <param name="create">Makes a file to write and read; null for one on the disk.</param>
    /// <exception cref="KlingException">ReportFailed: the folder is not there or can't be written to.</exception>
    public ReportFile(string path, KlingReportForm form, ReportLinks links, Func<string, FileOptions, FileStream>? create = null)
    {
        _path = path;
        _create = create ?? (static (name, options) => new FileStream(name, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, Block, options));
        _partial = $"{path}.{Guid.NewGuid().ToString("N").Substring(0, 8)}.partial";
        if (Directory.Exists(path))
        {
            throw ReportFault.IsFolder(path);
        }

        try
        {
            _report = Tried(() => ReportForms.Create(form, links, OpenPart));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Jobs => _report.Jobs;

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

            FileMoves.Rename(_partial, _path, replace: true);
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
        foreach (Stream part in _parts)
        {
            Discard(part);
        }

        _parts.Clear();
    }

    // Beside the report, where there is room for it if there is room for the report; gone when it is closed, or the process is.
    private FileStream OpenPart()
    {
        FileStream part = _create($"{_partial}.{_parts.Count}", FileOptions.DeleteOnClose);
        _parts.Add(part);
        return part;
    }

    // What a full disk did not take is tried again on closing.
    private static void Discard(Stream part)
    {
        try
        {
            part.Dispose();
        }
        catch (IOException)
        {
            File.Delete(((FileStream)part).Name);
        }
    }

    private T Tried<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw ReportFault.Unwritten(_path, fault);
        }
    }
}
