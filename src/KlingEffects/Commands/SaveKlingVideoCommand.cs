using KlingEffects.Videos;
using KlingEffects.Videos.Naming;

namespace KlingEffects.Commands;

/// <summary>Saves the videos of tasks that have succeeded. A file under its final name is complete, always.</summary>
[Cmdlet(VerbsData.Save, "KlingVideo", DefaultParameterSetName = ByTaskId, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
public sealed class SaveKlingVideoCommand() : KlingTaskCommand(
    "Saving Kling videos", Policy.DownloadsAtOnce, "Submitted, and not saved when the pipeline ended; Save-KlingVideo takes these ids")
{
    /// <summary>The folder; it is made if it is not there.</summary>
    [Parameter(Position = 0, HelpMessage = "The folder to save to; made if it is not there. Default: the current location.")]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = ".";

    /// <summary>The tasks' ids.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByTaskId,
        HelpMessage = "The id of each task.")]
    [Alias("Id", "task_id")]
    [TaskIdTransformation]
    public string[] TaskId { get; set; } = [];

    /// <summary>The user's own id, where the object from the pipeline knows it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByTaskId,
        HelpMessage = "Your own id of the task, where the object from the pipeline tells it.")]
    public string? ExternalTaskId { get; set; }

    /// <summary>The template of the files' names, without the extension.</summary>
    [Parameter(HelpMessage = "How files are named: {TaskId}, {ExternalTaskId}, {Scene}, {Image}, {Index}. Default: {TaskId}.")]
    [ArgumentCompleter(typeof(NameTokenCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = VideoNameTemplate.DefaultText;

    /// <summary>Replaces files that are there, each once its successor is complete.</summary>
    [Parameter(HelpMessage = "Downloads again what is there, and replaces it once the new file is complete.")]
    public SwitchParameter Force { get; set; }

    /// <summary>What the videos' hosts are told of who asks, in place of the client's own name.</summary>
    [Parameter(HelpMessage = "The User-Agent for the videos' hosts, for one that refuses the client's own name. "
        + "Default: KlingEffects and its version.")]
    [ValidateNotNullOrEmpty]
    [ValidatePattern(@"^[ -~]*[!-~][ -~]*$")]
    public string? UserAgent { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool wasReportedUpstream = InputObject is { Context.Reported: true } task && PipelineLink.IsPassing(task);
        if (!wasReportedUpstream)
        {
            AddRecord(TaskId, ExternalTaskId);
        }
    }

    internal override Stage CreateStage(ApiClient api)
    {
        string folder = LiteralPath.Resolve(this, Destination);
        NameRegistry names = new(VideoNameTemplate.Parse(Name), folder, Force);
        TaskRecorder recorder = new(api.Time);
        TaskSaver saver = new(api, names, folder, Force, recorder, UserAgent) { AsksAlways = true };
        WorkStage<KlingTask> stage = new(
            ThrottleLimit,
            (task, stage, stop) => saver.SaveAsync(task, stage, stop),
            stage => recorder.CloseAsync(stage.WarnAsync, stage.Stopping));
        stage.Progress.DoneWord = "saved";
        return stage;
    }

    internal override object Present(object output)
    {
        SavedVideo saved = (SavedVideo)output;
        PSObject file = LiteralPath.FileAt(this, saved.Path);
        file.Properties.Add(new PSNoteProperty("TaskId", saved.Task.TaskId));
        file.Properties.Add(new PSNoteProperty("ExternalTaskId", saved.Task.ExternalTaskId));
        file.Properties.Add(new PSNoteProperty("VideoId", saved.Video.Id));
        return file;
    }
}
