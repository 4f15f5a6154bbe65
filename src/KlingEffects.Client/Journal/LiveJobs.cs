namespace KlingEffects.Journal;

/// <summary>The jobs of the journal that this process holds, and which of them may be submitted. For several threads.</summary>
internal sealed class LiveJobs(JobTable jobs)
{
    private readonly object _gate = new();
    private readonly HashSet<string> _beginning = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _reserved = new(StringComparer.Ordinal);
    private readonly HashSet<string> _retried = new(StringComparer.Ordinal);

    public KlingJob? Find(string key) => Read(() => jobs.Find(key));

    /// <summary>The job that has this task, or null.</summary>
    public string? OwnerOf(string taskId) => Read(() => jobs.OwnerOf(taskId));

    /// <summary>The job that was sent under this external id, or null.</summary>
    public string? SenderOf(string externalTaskId) => Read(() => jobs.SenderOf(externalTaskId));

    public IReadOnlyList<KlingJob> Copy() => Read(() => jobs.Jobs.ToArray());

    /// <summary>Takes what is on the disk now into account.</summary>
    public void Apply(IReadOnlyList<JournalEntry> entries)
    {
        lock (_gate)
        {
            foreach (JournalEntry entry in entries)
            {
                jobs.Apply(entry);
                if (entry is { Event: JournalEntry.Uncertain, Job: { } key })
                {
                    _retried.Remove(key);
                }
            }
        }
    }

    /// <summary>An external id for the job's next submit that no other job of the journal has been or will be sent under.</summary>
    public string Reserve(string key, string wanted)
    {
        lock (_gate)
        {
            string id = wanted;
            for (int n = 1; IsOfAnother(id, key); n++)
            {
                id = $"{wanted}.{n}";
            }

            _reserved[id] = key;
            return id;
        }
    }

    /// <summary>Lets one caller begin to submit the job; to be followed by <see cref="EndBeginning"/>.</summary>
    /// <param name="key">What the job is known by.</param>
    /// <param name="attempt">The submit. That an uncertain job may be retried holds while its submits are refused, until one is
    /// uncertain anew.</param>
    /// <exception cref="KlingException">SubmitUncertain.</exception>
    /// <exception cref="InvalidOperationException">It has a task that has not failed, or is being submitted.</exception>
    public void Begin(string key, SubmitAttempt attempt)
    {
        lock (_gate)
        {
            KlingJob? known = jobs.Find(key);
            if (known is { HasTask: true } && !(known.HasFailed && attempt.Number == known.Attempt + 1))
            {
                throw new InvalidOperationException($"The job '{key}' has a task: {known.TaskId}.");
            }

            bool isInDoubt = known is { State: KlingJobState.Uncertain };
            if (isInDoubt && !attempt.RetryUncertain && !_retried.Contains(key))
            {
                throw known!.ToDoubt();
            }

            if (known is { State: KlingJobState.Submitting } || !_beginning.Add(key))
            {
                throw new InvalidOperationException($"The job '{key}' is being submitted.");
            }

            if (isInDoubt)
            {
                _retried.Add(key);
            }
        }
    }

    /// <summary>The beginning is on the disk, or never will be.</summary>
    public void EndBeginning(string key)
    {
        lock (_gate)
        {
            _beginning.Remove(key);
        }
    }

    private T Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    private bool IsOfAnother(string id, string key) =>
        (jobs.SenderOf(id) is { } sender && sender != key) || (_reserved.TryGetValue(id, out string? holder) && holder != key);
}
