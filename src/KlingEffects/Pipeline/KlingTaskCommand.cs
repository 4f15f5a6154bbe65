using System.ComponentModel;
using KlingEffects.Binding;

namespace KlingEffects.Pipeline;

/// <summary>What the cmdlets that take tasks have in common: live tasks, ids, and rows or deserialised objects that hold one.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class KlingTaskCommand : KlingCommand<KlingTask>
{
    private protected const string ByTaskId = "TaskId";

    private bool _warnedOfJournal;
    private int _count;

    /// <summary>A live task, as another cmdlet of this pipeline gives it.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = ByTaskId, HelpMessage = "A task from the pipeline, as another cmdlet gives it.")]
    [JobAsTaskTransformation]
    public KlingTask? InputObject { get; set; }

    /// <summary>The video route of the tasks: effects, text2video, image2video and so on.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The video route of the tasks. Default: effects.")]
    [ArgumentCompleter(typeof(KindCompleter))]
    [AllowEmptyString]
    [AllowNull]
    public string? Kind { get; set; }

    /// <summary>The scene, where the object from the pipeline knows it: answers of the API do not tell.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByTaskId, HelpMessage = "The effect scene, where the object from the pipeline tells it: answers of the API do not.")]
    [AllowEmptyString]
    [AllowNull]
    public string? Scene { get; set; }

    /// <summary>The images by name, where the object from the pipeline knows them.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByTaskId, HelpMessage = "The names of the images, where the object from the pipeline tells them.")]
    [AllowEmptyCollection]
    [AllowEmptyString]
    [AllowNull]
    public string[]? Images { get; set; }

    // A pipeline's tasks and rows can tell their gateway.
    private protected override bool MayMeetOtherGateways => MyInvocation.ExpectingInput;

    /// <summary>Hands the tasks of one record to the stage, unless it is a turn.</summary>
    private protected void AddRecord(string[] ids, string? externalTaskId, string? journalPath)
    {
        if (IsTurn(InputObject))
        {
            return;
        }

        foreach (string id in ids)
        {
            Add(TaskOf(id, externalTaskId, journalPath));
        }
    }

    // The task as far as the pipeline's object tells of it.
    private KlingTask TaskOf(string id, string? externalTaskId, string? journalPath)
    {
        _count++;
        // PowerShell makes a task of a row too: one whose kind is blank, or is not the one asked for, tells no more than its id.
        KlingGatewayName gateway = (InputObject is { } told && told.TaskId == id ? told.Gateway : null) ?? GatewayOrDefault;
        if (InputObject is { } live && live.TaskId == id && live.Kind == KindOrDefault)
        {
            KlingTask task = PipelineLink.IsPassing(live) ? live : live.Restart(gateway);
            task.Context.Index ??= _count;
            if (ReferenceEquals(task, live))
            {
                Held.Hold(task);
                PipelineLink.TakeOver(task);
            }

            return task;
        }

        return new KlingTask
        {
            TaskId = id,
            Kind = KindOrDefault,
            Gateway = gateway,
            Scene = BlankAsNull(Scene),
            ExternalTaskId = BlankAsNull(externalTaskId),
            Images = TextList.Parse(Images ?? []),
            JournalPath = JournalOf(BlankAsNull(journalPath)),
            Context = new TaskContext { Index = _count },
        };
    }

    // A row of another machine may name a journal that can't be here: what is asked of its task has nothing to do with that.
    private string? JournalOf(string? path)
    {
        try
        {
            return path is null ? null : LiteralPath.Resolve(this, path);
        }
        catch (KlingException none)
        {
            if (!_warnedOfJournal)
            {
                _warnedOfJournal = true;
                this.WriteCaution($"{none.Message} It is named as the journal of a task: what becomes of such tasks is not written there.");
            }

            return null;
        }
    }

    /// <summary>The route to ask, in lower case as the API has it.</summary>
    private protected string KindOrDefault => BlankAsNull(Kind)?.Trim().ToLowerInvariant() ?? KlingTask.EffectsKind;

    private protected static string? BlankAsNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
