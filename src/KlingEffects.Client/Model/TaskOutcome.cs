namespace KlingEffects;

/// <summary>What an ended task amounts to.</summary>
internal static class TaskOutcome
{
    /// <summary>The error of a task that ended without a video, or null.</summary>
    public static KlingException? FailureOf(KlingTask task) => task.Status switch
    {
        KlingTaskStatus.Failed => new KlingException(
            KlingErrorId.TaskFailed,
            $"{task.Title} failed: {task.StatusMessage?.TrimEnd('.') ?? "the API gave no reason"}.")
        {
            TaskId = task.TaskId,
            RequestId = task.RequestId,
            Target = task,
        },
        KlingTaskStatus.Succeed when task.Videos.Count == 0 => new KlingException(
            KlingErrorId.NoVideo,
            $"{task.Title} succeeded, but the API tells of no video.")
        {
            TaskId = task.TaskId,
            RequestId = task.RequestId,
            Target = task,
        },
        _ => null,
    };
}
