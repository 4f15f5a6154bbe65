using KlingEffects.Queries;

namespace KlingEffects.Commands;

/// <summary>Asks for tasks as they are now, or lists those of the account.</summary>
/// <remarks>The default set has none of the others' parameters: <c>-ExternalTaskId</c>, which two have, would be taken for it.</remarks>
[Cmdlet(VerbsCommon.Get, "KlingTask", DefaultParameterSetName = ByList)]
[OutputType(typeof(KlingTask))]
public sealed class GetKlingTaskCommand() : KlingTaskCommand(
    "Asking for Kling tasks", Policy.PollsAtOnce,
    "Submitted, and not asked for when the pipeline ended; Get-KlingTask takes these ids")
{
    private const string ByExternalTaskId = "ExternalTaskId";
    private const string ByJournal = "Journal";
    private const string ByList = "List";

    /// <summary>The tasks' ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = ByTaskId, HelpMessage = "The id of each task.")]
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
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByTaskId,
        HelpMessage = "The journal that has the task, where the object from the pipeline tells it.")]
    [AllowEmptyString]
    [AllowNull]
    public override string? JournalPath { get; set; }
    private protected override bool MayMeetOtherGateways => !string.IsNullOrEmpty(JournalPath) || base.MayMeetOtherGateways;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case ByList:
                AddList();
                break;
            case ByJournal:
                AddJournal();
                break;
            case ByExternalTaskId:
                Array.ForEach(ExternalTaskId ?? [], AddExternal);
                break;
            default:
                AddRecord(TaskId, ExternalTaskId?.FirstOrDefault());
                break;
        }
    }

    private protected override void Check(KlingGateway gateway)
    {
        if (ParameterSetName == ByList && !MyInvocation.ExpectingInput)
        {
            AccountQuery.ThrowIfNoTasks(gateway);
        }
    }

    internal override Stage CreateStage(ApiClient api)
    {
        TaskRecorder recorder = new(api.Time);
        WorkStage<KlingTask> stage = new(
            ThrottleLimit,
            async (task, stage, stop) =>
            {
                if ((task.TaskId.Length > 0 ? task.TaskId : task.ExternalTaskId) is not { } id)
                {
                    await ListAsync(api.For(task.Gateway), task.Kind, stage, stop).ConfigureAwait(false);
                    return;
                }

                KlingTask seen = (await TaskQuery.AskAsync(api, id, task, stop).ConfigureAwait(false)).MergedWith(task);
                recorder.Ended(seen);
                await stage.WriteAsync(new StageRecord.Output(seen)).ConfigureAwait(false);
            },
            stage => recorder.CloseAsync(stage.WarnAsync, stage.Stopping));
        stage.Progress.DoneWord = "asked for";
        return stage;
    }

    private static async Task ListAsync(ApiClient api, string kind, Stage stage, CancellationToken stop)
    {
        await foreach (KlingTask task in AccountQuery.TasksAsync(api, kind, stop).ConfigureAwait(false))
        {
            await stage.WriteAsync(new StageRecord.Output(task)).ConfigureAwait(false);
        }
    }

    private void AddList()
    {
        if (!MyInvocation.ExpectingInput)
        {
            Pump.Add(new KlingTask { Kind = KindOrDefault, Gateway = GatewayOrDefault });
            return;
        }

        Fail(new KlingException(
            KlingErrorId.InvalidRequest, "An object of the pipeline has no TaskId property, so it is not known which task to ask for.",
            advice: "Give objects with a TaskId, or ids; Get-KlingTask without any input lists the tasks of an account."));
    }

    private void AddExternal(string? id)
    {
        if (BlankAsNull(id)?.Trim() is { } known)
        {
            Pump.Add(new KlingTask { ExternalTaskId = known, Kind = KindOrDefault, Gateway = GatewayOrDefault });
            return;
        }

        Fail(new KlingException(
            KlingErrorId.InvalidRequest, "An external id is blank.",
            target: id ?? "",
            advice: "Give -ExternalTaskId the id that the job was submitted with."));
    }

    private void AddJournal()
    {
        IReadOnlyList<KlingJob> jobs = [];
        string? path = BlankAsNull(JournalPath);
        ErrorRecords.Try(
            () => jobs = JobJournal.Read(LiteralPath.Resolve(
                this, path ?? throw new KlingException(KlingErrorId.InvalidRequest, "The journal's path is blank."))),
            End);
        foreach (KlingJob job in jobs)
        {
            if (job.ToTask() is { } task)
            {
                Pump.Add(task);
            }
            else if (job.IsUncertain)
            {
                Fail(job.ToDoubt());
            }
            else
            {
                this.WriteDetail($"{job.Scene} ({string.Join(", ", job.Images)}) was not accepted: {job.ErrorId}");
            }
        }
    }
}
