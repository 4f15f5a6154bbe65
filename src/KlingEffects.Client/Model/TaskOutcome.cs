namespace KlingEffects;

/// <summary>What an ended task amounts to.</summary>
internal static class TaskOutcome
{
    /// <summary>The error of a task that ended without a video, or null.</summary>
    public static KlingException? FailureOf(KlingTask task) => task.Status switch
    {
        KlingTaskStatus.Failed => new KlingException(KlingErrorId.TaskFailed, $"{task.Title} failed: {WhyOf(task)}.")
        {
            TaskId = task.TaskId,
            RequestId = task.RequestId,
            Code = task.FailureCode,
            RecommendedAction = task.StatusMessage is null ? Advice.ForFailureWithoutReason : null,
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

    private static string WhyOf(KlingTask task)
    {
        if (task.StatusMessage is { } reason)
        {
            return reason.TrimEnd('.');
        }

        string word = task.StatusWord is { } told && StatusTells(told) ? $" but its status '{told}'" : "";
        string request = task.RequestId is { } id ? $" (request id: {id})" : "";
        return $"the API gave no reason{word}{request}";
    }

    // "failed" says nothing that the sentence does not say.
    private static bool StatusTells(string word) =>
        !word.StartsWith("fail", StringComparison.OrdinalIgnoreCase) && !word.Equals("error", StringComparison.OrdinalIgnoreCase);
}
