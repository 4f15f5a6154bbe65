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
