using System.Diagnostics;
using KlingEffects.Reports;

namespace KlingEffects.Commands;

/// <summary>Writes a report on jobs that a person or a build system reads.</summary>
[Cmdlet(VerbsData.Export, "KlingReport", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
public sealed class ExportKlingReportCommand : PSCmdlet
{
    private const string Activity = "Writing the report";

    private readonly List<KlingJob> _jobs = [];
    private readonly Stopwatch _sinceShown = Stopwatch.StartNew();
    private ReportFile? _file;
    private string _path = "";
    private bool _hasShown;

    /// <summary>The report's file. One that is there is replaced once the new one is complete.</summary>
    [Parameter(Mandatory = true, Position = 0,
        HelpMessage = "The report's file. Its extension tells its form: .html, .xml (JUnit) or .md.")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The report's form, where the extension does not tell it.</summary>
    [Parameter(HelpMessage = "The report's form, where the extension of the file does not tell it.")]
    public KlingReportForm As { get; set; }

    /// <summary>The jobs, as Get-KlingJob gives them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, HelpMessage = "The jobs, as Get-KlingJob gives them.")]
    [JobTransformation]
    [AllowEmptyCollection]
    public KlingJob[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void BeginProcessing() => Guarded(() =>
    {
        _path = LiteralPath.Resolve(this, Path);
        KlingReportForm form = this.IsGiven(nameof(As)) ? As : ReportFile.FormFrom(_path);
        if (this.Asks($"{_path}", "Write a report"))
        {
            _file = new ReportFile(_path, form, path => LiteralPath.Find(this, path));
        }
    });

    /// <inheritdoc/>
    protected override void ProcessRecord() => Guarded(() =>
    {
        _jobs.AddRange(InputObject);
        if (_file is not null && _sinceShown.Elapsed >= Policy.ProgressInterval)
        {
            _sinceShown.Restart();
            _hasShown = true;
            WriteProgress(Streams.Progress(0, Activity, $"{_jobs.Count} jobs"));
        }
    });

    /// <inheritdoc/>
    protected override void EndProcessing() => Guarded(() =>
    {
        if (_file is null)
        {
            return;
        }

        _file.Write(_jobs);
        if (_hasShown)
        {
            WriteProgress(Streams.ProgressDone(0, Activity));
        }

        WriteObject(LiteralPath.FileAt(this, _path));
    });

    // A report that lacks a job is useless, so every error ends it.
    private void Guarded(Action work) => ErrorRecords.Try(work, error => ThrowTerminatingError(ErrorRecords.From(error)));
}
