namespace KlingEffects.Api;

/// <summary>The tasks that a command works on. Caches and gateways mix up answers, so one that names another of these tasks than the
/// requested one is discarded. An unknown id proves nothing: gateways return upstream ids.</summary>
internal sealed class KnownTasks
{
    private readonly ConcurrentDictionary<string, string?> _externalIds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _ids = new(StringComparer.Ordinal);

    public void Add(KlingTask task)
    {
        if (task.TaskId.Length > 0)
        {
            _externalIds[task.TaskId] = task.ExternalTaskId;
            _ids[task.ExternalTaskId ?? ""] = task.TaskId;
        }
    }

    /// <summary>The other task that the answer names; null if it may be the requested one.</summary>
    public string? OtherThan(KlingTask asked, KlingTask told)
    {
        bool isAskedById = asked.TaskId.Length > 0;
        string? id = isAskedById ? asked.TaskId : asked.ExternalTaskId;
        return told.TaskId == id || told.ExternalTaskId == id ? null
            : _externalIds.TryGetValue(told.TaskId, out string? own) && (isAskedById || (own is not null && own != asked.ExternalTaskId))
                ? told.TaskId
            : told.ExternalTaskId is { } name && name != asked.ExternalTaskId
                && _ids.TryGetValue(name, out string? other) && other != asked.TaskId ? other : null;
    }
}
