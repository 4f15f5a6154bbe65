using System.ComponentModel;

namespace KlingEffects.Pipeline;

/// <summary>The base of the cmdlets that take tasks: live ones, ids, and rows or deserialised objects with an id.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class KlingTaskCommand(string activity, int throttleLimit, string heldNotice)
    : KlingCommand(activity, throttleLimit, heldNotice)
{
    private protected const string ByTaskId = "TaskId";

    private bool _warnedOfJournal;
    private int _count;

    /// <summary>The journal that has the task, where the object from the pipeline knows it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByTaskId,
        HelpMessage = "The journal that has the task, where the object from the pipeline tells it: what becomes of it is written there.")]
    public virtual string? JournalPath { get; set; }

    /// <summary>A live task, as another cmdlet of this pipeline gives it.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = ByTaskId,
        HelpMessage = "A task from the pipeline, as another cmdlet gives it.")]
    [JobAsTaskTransformation]
    public KlingTask? InputObject { get; set; }

    /// <summary>The video route of the tasks: effects, text2video, image2video and so on.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The video route of the tasks. Default: effects.")]
    [ArgumentCompleter(typeof(KindCompleter))]
    public string? Kind { get; set; }

    /// <summary>The scene, where the object from the pipeline knows it: answers of the API do not tell.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByTaskId,
        HelpMessage = "The effect scene, where the object from the pipeline tells it: answers of the API do not.")]
    public string? Scene { get; set; }

    /// <summary>The images by name, where the object from the pipeline knows them.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByTaskId,
        HelpMessage = "The names of the images, where the object from the pipeline tells them.")]
    public string[]? Images { get; set; }
    private protected string KindOrDefault => BlankAsNull(Kind)?.Trim().ToLowerInvariant() ?? KlingTask.EffectsKind;

    /// <summary>Adds the tasks of one record to the stage, unless it is a turn.</summary>
    private protected void AddRecord(string[] ids, string? externalTaskId)
    {
        if (!Pump.TakeTurn(InputObject))
        {
            Array.ForEach(ids, id => Pump.Add(TaskOf(id, externalTaskId)));
        }
    }

    private KlingTask TaskOf(string id, string? externalTaskId)
    {
        _count++;
        // PowerShell converts rows to tasks too: one with a blank or another kind tells no more than its id.
        KlingTask? told = InputObject?.TaskId == id ? InputObject : null;
        KlingGatewayName gateway = told?.Gateway ?? GatewayOrDefault;
        if (told is null || told.Kind != KindOrDefault)
        {
            return new KlingTask
            {
                TaskId = id,
                Kind = KindOrDefault,
                Gateway = gateway,
                Scene = BlankAsNull(Scene),
                ExternalTaskId = BlankAsNull(externalTaskId),
                Images = TextList.Parse(Images ?? []),
                JournalPath = Journal(),
                Context = new TaskContext { Index = _count },
            };
        }

        bool isPassing = PipelineLink.IsPassing(told);
        KlingTask task = isPassing ? told : told.Restart(gateway);
        task.Context.Index ??= _count;
        if (isPassing)
        {
            Hold(task);
            PipelineLink.TakeOver(task);
        }

        return task;
    }

    // A row of another machine may name a journal that can't exist here.
    private string? Journal()
    {
        try
        {
            return BlankAsNull(JournalPath) is { } path ? LiteralPath.Resolve(this, path) : null;
        }
        catch (KlingException none)
        {
            if (!_warnedOfJournal)
            {
                _warnedOfJournal = true;
                this.WriteCaution(
                    $"{none.Message} It is named as the journal of a task: what becomes of such tasks is not written there.");
            }

            return null;
        }
    }

    private protected static string? BlankAsNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
