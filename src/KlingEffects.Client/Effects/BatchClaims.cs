using KlingEffects.Jobs;

namespace KlingEffects.Effects;

/// <summary>Which row, task and sent id is which job's, as far as this batch and its journal know.</summary>
internal sealed class BatchClaims(JobJournal? journal)
{
    private readonly ConcurrentDictionary<string, RowClaim> _rows = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _tasks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _sent = new(StringComparer.Ordinal);

    /// <summary>Makes a job this row's; false where it is an equal row's that came first.</summary>
    /// <exception cref="KlingException">
    /// InvalidRequest: the other row is another job with the same id of its own. It is not sent either, unless it has left.
    /// </exception>
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

    public void RecordSent(string? sentId, string key)
    {
        if (!string.IsNullOrEmpty(sentId))
        {
            _sent[sentId!] = key;
        }
    }

    /// <summary>
    /// Makes a task this job's; false where it is known to be another's, by its id or by the external id that it tells. An id that nobody
    /// knows proves nothing: gateways tell upstream ids.
    /// </summary>
    public bool TryTake(KlingTask task, string key) =>
        !IsAnothers(journal?.JobOfTask(task.TaskId), key)
        && !(task.ExternalTaskId is { } id && IsAnothers(_sent.TryGetValue(id, out string? sender) ? sender : journal?.JobSentAs(id), key))
        && _tasks.GetOrAdd(task.TaskId, key) == key;

    /// <summary>Whether the task is known to be a job's of this batch or its journal.</summary>
    public bool IsKnown(string taskId) => _tasks.ContainsKey(taskId) || journal?.JobOfTask(taskId) is not null;

    private static bool IsAnothers(string? owner, string key) => owner is not null && owner != key;
}

/// <summary>One row's claim to a job.</summary>
/// <param name="Row">What messages call the row.</param>
/// <param name="Scene">Its scene.</param>
/// <param name="Content">What its job is but for its own id; null where a picture is gone.</param>
internal sealed record RowClaim(string Row, string Scene, string? Content)
{
    /// <summary>Why this row's job may not be sent, as far as that is known by now.</summary>
    public KlingException? Conflict { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }
}
