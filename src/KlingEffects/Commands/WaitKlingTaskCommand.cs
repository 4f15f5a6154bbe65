using KlingEffects.Waiting;

namespace KlingEffects.Commands;

/// <summary>Waits for tasks, all at once, and gives each as it ends.</summary>
[Cmdlet(VerbsLifecycle.Wait, "KlingTask", DefaultParameterSetName = ByTaskId)]
[OutputType(typeof(KlingTask))]
public sealed class WaitKlingTaskCommand() : KlingTaskCommand(
    "Waiting for Kling tasks", Policy.PollsAtOnce,
    "Submitted, and not ended when the pipeline did; these tasks go on, and Wait-KlingTask takes their ids")
{
    /// <summary>The tasks' ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = ByTaskId, HelpMessage = "The id of each task to wait for.")]
    [Alias("Id", "task_id")]
    [TaskIdTransformation]
    public string[] TaskId { get; set; } = [];

    /// <summary>The user's own id, where the object from the pipeline knows it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByTaskId,
        HelpMessage = "Your own id of the task, where the object from the pipeline tells it.")]
    public string? ExternalTaskId { get; set; }

    /// <summary>How many seconds to wait for each task from its arrival; 0 for no limit.</summary>
    [Parameter(HelpMessage = "Seconds to wait for each task from its arrival; 0 = no limit. Default: 3600.")]
    [ValidateRange(0, int.MaxValue / 1000)]
    public int TimeoutSec { get; set; } = (int)Policy.WaitTime.TotalSeconds;

    /// <summary>Polls each task at this interval, in seconds; chosen from what the batch shows unless given.</summary>
    [Parameter(HelpMessage = "Polls each task at this interval in seconds, instead of when it is likely to have ended.")]
    [ValidateRange(0.05, 86400.0)]
    public double PollIntervalSec { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => AddRecord(TaskId, ExternalTaskId);

    internal override Stage CreateStage(ApiClient api) => TaskWaiter.Start(api, new WaitOptions
    {
        Timeout = TimeoutSec == 0 ? null : TimeSpan.FromSeconds(TimeoutSec),
        PollInterval = PollIntervalSec > 0 ? TimeSpan.FromSeconds(PollIntervalSec) : null,
        ThrottleLimit = ThrottleLimit,
    });
}
