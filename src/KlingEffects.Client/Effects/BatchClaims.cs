using KlingEffects.Jobs;

namespace KlingEffects.Effects;

/// <summary>Maps rows, task ids and external ids to the jobs of this batch and its journal.</summary>
internal sealed class BatchClaims(JobJournal? journal)
{
    private readonly ConcurrentDictionary<string, RowClaim> _rows = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _tasks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _sent = new(StringComparer.Ordinal);

    /// <summary>Claims a job for this row; false if an equal row claimed it before.</summary>
    /// <exception cref="KlingException">InvalidRequest: the other row has the same external id and is another job.</exception>
    public bool TryClaim(string key, RowClaim row)
    {
        RowClaim first = _rows.GetOrAdd(key, row);
        string? difference = first.Scene != row.Scene ? "their scenes differ"
            : first.Content is not null && row.Content is not null && first.Content != row.Content ? "their pictures or options differ"
            : null;
        if (difference is null)
        {
            return ReferenceEquals(first, row);
        }

        KlingException conflict = new(
            KlingErrorId.InvalidRequest,
            $"{row.Row} has the external id {ServerText.Clean(JobKey.OwnId(key))}, which {first.Row} has too, "
                + $"and {difference}: one id is one job.",
            advice: $"Give each row an {Term.ExternalTaskId} of its own, and run the command again. "
                + "Of the two, nothing is sent after this error.");
        first.Conflict = conflict;
        throw conflict;
    }

    public void RecordSent(string? sentId, string key) => _sent[sentId ?? ""] = key;

    /// <summary>Claims a task for this job; false if it is another's. An unknown id proves nothing: it may be upstream's.</summary>
    public bool TryTake(KlingTask task, string key) =>
        !IsAnothers(journal?.JobOfTask(task.TaskId), key)
        && !(task.ExternalTaskId is { } id && IsAnothers(_sent.TryGetValue(id, out string? sender) ? sender : journal?.JobSentAs(id), key))
        && _tasks.GetOrAdd(task.TaskId, key) == key;

    public bool IsKnown(string taskId) => _tasks.ContainsKey(taskId) || journal?.JobOfTask(taskId) is not null;

    private static bool IsAnothers(string? owner, string key) => owner is not null && owner != key;
}

/// <remarks>Content: the key of the job's content without its external id; null if an image file is missing.</remarks>
internal sealed record RowClaim(string Row, string Scene, string? Content)
{
    /// <summary>Why this row's job must not be sent; null if no conflict is known yet.</summary>
    public KlingException? Conflict { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }
}
