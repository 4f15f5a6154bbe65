namespace KlingEffects;

/// <summary>Where a task is, in the API's own words (<c>data.task_status</c>).</summary>
public enum KlingTaskStatus
{
    /// <summary>Accepted and not yet begun. Words of other dialects: created, queued, not_start.</summary>
    Submitted,
    /// <summary>Under way; also every status word that is neither known nor a refusal, so that polling goes on.</summary>
    Processing,
    /// <summary>Ended with a video. Words of other dialects: success, completed, done.</summary>
    Succeed,
    /// <summary>Ended without one, by whatever word of refusal; <see cref="KlingTask.StatusMessage"/> has the API's reason.</summary>
    Failed,
}

/// <summary>The consequences of a status, for all code that needs no more.</summary>
internal static class KlingTaskStatuses
{
    public static bool HasSucceeded(this KlingTaskStatus status) => status == KlingTaskStatus.Succeed;

    public static bool HasFailed(this KlingTaskStatus status) => status == KlingTaskStatus.Failed;

    public static bool HasEnded(this KlingTaskStatus status) => status.HasSucceeded() || status.HasFailed();

    public static KlingJobState ToJobState(this KlingTaskStatus status) =>
        status.HasSucceeded() ? KlingJobState.Succeeded : status.HasFailed() ? KlingJobState.Failed : KlingJobState.Running;

    public static KlingTaskStatus FromJobState(KlingJobState state) => state == KlingJobState.Failed ? KlingTaskStatus.Failed
        : state is KlingJobState.Succeeded or KlingJobState.Saved ? KlingTaskStatus.Succeed : KlingTaskStatus.Submitted;

    /// <summary>The journals' word for an end; null if it is none.</summary>
    public static string? ToEnd(this KlingTaskStatus status) => status.HasEnded() ? $"{status}".ToLowerInvariant() : null;

    public static KlingTaskStatus? FromEnd(string? word) =>
        word == "succeed" ? KlingTaskStatus.Succeed : word == "failed" ? KlingTaskStatus.Failed : null;
}
