namespace KlingEffects;

internal static class TaskOutcome
{
    /// <summary>The error of a task that ended without a video, or null.</summary>
    public static KlingException? FailureOf(KlingTask task)
    {
        bool hasFailed = task.Status == KlingTaskStatus.Failed;
        return !hasFailed && (task.Status != KlingTaskStatus.Succeed || task.Videos.Count > 0) ? null : new KlingException(
            hasFailed ? KlingErrorId.TaskFailed : KlingErrorId.NoVideo,
            hasFailed ? $"{task.Title} failed: {WhyOf(task)}." : (SafeText)$"{task.Title} succeeded, but the API tells of no video.")
        {
            TaskId = task.TaskId,
            RequestId = task.RequestId,
            Code = hasFailed ? task.FailureCode : null,
            RecommendedAction = hasFailed && task.StatusMessage is null ? Advice.ForFailureWithoutReason : null,
            Target = task,
        };
    }

    private static string WhyOf(KlingTask task)
    {
        if (task.StatusMessage is { } reason)
        {
            return reason.TrimEnd('.');
        }

        // "failed" would repeat the sentence.
        string word = task.StatusWord is { } told && !told.StartsWith("fail", StringComparison.OrdinalIgnoreCase)
            && !told.Equals("error", StringComparison.OrdinalIgnoreCase) ? $" but its status '{told}'" : "";
        string request = task.RequestId is { } id ? $" (request id: {id})" : "";
        return $"the API gave no reason{word}{request}";
    }
}
