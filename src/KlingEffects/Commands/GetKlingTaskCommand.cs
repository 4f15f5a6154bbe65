using System.Management.Automation;
using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Binding;
using KlingEffects.Pipeline;
using KlingEffects.Queries;

namespace KlingEffects.Commands;

/// <summary>Asks for tasks as they are now.</summary>
/// <remarks>The default parameter set has none of the others' parameters: <c>-ExternalTaskId</c> alone, which two sets have, would be taken for a default one.</remarks>
[Cmdlet(VerbsCommon.Get, "KlingTask", DefaultParameterSetName = ByNothing)]
[OutputType(typeof(KlingTask))]
public sealed class GetKlingTaskCommand : KlingTaskCommand
{
    private const string ByExternalTaskId = "ExternalTaskId";
    private const string ByJournal = "Journal";
    private const string ByNothing = "List";

    /// <summary>The tasks' ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByTaskId, HelpMessage = "The id of each task.")]
    [Alias("Id", "task_id")]
    [TaskIdTransformation]
    public string[] TaskId { get; set; } = [];

    /// <summary>Asks by the user's own ids, where the API answers to them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByExternalTaskId, HelpMessage = "Your own id of each task.")]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByTaskId, HelpMessage = "Your own id of each task.")]
    [Alias("external_task_id")]
    [AllowEmptyString]
    [AllowNull]
    public string[]? ExternalTaskId { get; set; }

    /// <summary>Gives every task of a journal.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByJournal, HelpMessage = "A journal that New-KlingEffect wrote: all its tasks.")]
    [ValidateNotNullOrEmpty]
    public string JournalPath { get; set; } = "";

    private protected override string Activity => "Asking for Kling tasks";

    private protected override string HeldNotice => "Submitted, and not asked for when the pipeline ended; Get-KlingTask takes these ids";

    private protected override int DefaultThrottleLimit => 32;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (ParameterSetName == ByNothing && !MyInvocation.ExpectingInput)
        {
            ThrowTerminatingError(ErrorRecords.From(new KlingException(
                KlingErrorId.InvalidRequest, "The API has no list of tasks, and no parameter says which to ask for.")
            {
                RecommendedAction = "Give -TaskId, -ExternalTaskId or -JournalPath, or pipe tasks to Get-KlingTask.",
            }));
        }

        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case ByJournal:
                AddJournal();
                break;
            case ByExternalTaskId:
                foreach (string? id in ExternalTaskId ?? [])
                {
                    AddExternal(id);
                }

                break;
            default:
                AddRecord(TaskId, ExternalTaskId?.FirstOrDefault());
                break;
        }
    }

    private protected override Stage<KlingTask> CreateStage(ApiClient api) =>
        new WorkStage<KlingTask>(ThrottleLimit, async (task, writer, stop) =>
        {
            string id = task.TaskId.Length > 0 ? task.TaskId : task.ExternalTaskId!;
            KlingTask seen = await TaskQuery.AskAsync(api, id, task, stop).ConfigureAwait(false);
            await writer.WriteAsync(new StageRecord.Output(seen.Following(task))).ConfigureAwait(false);
        });

    private void AddExternal(string? id)
    {
        if (BlankAsNull(id)?.Trim() is { } known)
        {
            Add(new KlingTask { ExternalTaskId = known, Kind = KindOrDefault });
            return;
        }

        Fail(new KlingException(KlingErrorId.InvalidRequest, "An external id is blank.")
        {
            Target = id ?? "",
            RecommendedAction = "Give -ExternalTaskId the id that the job was submitted with.",
        });
    }

    private void AddJournal()
    {
        IReadOnlyList<JournaledJob> jobs;
        try
        {
            jobs = JobJournal.Read(LiteralPath.Resolve(this, JournalPath));
        }
        catch (KlingException error)
        {
            ThrowTerminatingError(ErrorRecords.From(error));
            return;
        }

        foreach (JournaledJob job in jobs)
        {
            if (job.State == JobState.Accepted)
            {
                Add(job.ToTask());
            }
            else if (job.State is JobState.Uncertain or JobState.Submitting)
            {
                Fail(job.ToDoubt(JournalPath));
            }
            else
            {
                WriteVerbose($"{job.Scene} ({string.Join(", ", job.Images)}) was not accepted: {job.ErrorId}");
            }
        }
    }
}
