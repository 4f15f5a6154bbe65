using KlingEffects.Jobs;

namespace KlingEffects.Journal;

/// <summary>Every job of a journal, in order of first mention, and which of them may be submitted. Thread-safe.</summary>
internal sealed class JobTable
{
    private readonly object _gate = new();
    private readonly List<KlingJob> _jobs = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _tasks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _senders = new(StringComparer.Ordinal);
    private readonly HashSet<string> _beginning = new(StringComparer.Ordinal);
    private readonly HashSet<string> _retried = new(StringComparer.Ordinal);

    public string Path { get; set; } = "";

    /// <summary>Ends of tasks that are not known yet; null to ignore them.</summary>
    public List<JournalEntry>? EarlyEnds { get; init; }

    public IReadOnlyList<KlingJob> Jobs => Locked(() => _jobs.ToArray());

    public KlingJob? Find(string key) => Locked(() => _places.TryGetValue(NameForms.Composed(key), out int place) ? _jobs[place] : null);

    public string? OwnerOf(string taskId) => Locked(() => FindTask(taskId) is { } place ? _jobs[place].Key : null);

    public string? SenderOf(string externalTaskId) => Locked(() => FindSender(externalTaskId));

    public void Apply(JournalEntry entry)
    {
        lock (_gate)
        {
            // A line about a task's end names the task, not the job.
            if (entry.Event is not (JournalEntry.Ended or JournalEntry.Saved))
            {
                ApplyToJob(entry);
            }
            else if (FindTask(entry.TaskId!) is { } place)
            {
                _jobs[place] = JobSteps.Conclude(_jobs[place], entry);
            }
            else
            {
                EarlyEnds?.Add(entry);
            }
        }
    }

    /// <summary>Marks begun submits as uncertain. Call when no process can be waiting for their answers any more.</summary>
    public void AbandonSubmits()
    {
        lock (_gate)
        {
            for (int place = 0; place < _jobs.Count; place++)
            {
                if (_jobs[place] is { State: KlingJobState.Submitting } open && open.JournalPath == Path)
                {
                    _jobs[place] = open with { State = KlingJobState.Uncertain };
                }
            }
        }
    }

    /// <summary>Reserves an external id for the job's next submit that no other job of the journal uses.</summary>
    public string Reserve(string key, string wanted)
    {
        lock (_gate)
        {
            string id = wanted;
            for (int n = 1; FindSender(id) is { } sender && sender != key; n++)
            {
                id = $"{wanted}.{n}";
            }

            _senders[id] = key;
            return id;
        }
    }

    /// <summary>Marks the job as being submitted, by the rules of <see cref="IJobLog.SubmittingAsync"/>.</summary>
    public void Begin(string key, SubmitAttempt attempt)
    {
        lock (_gate)
        {
            KlingJob? known = Find(key);
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

    public void EndBeginning(string key) => Locked(() => _beginning.Remove(key));

    private void ApplyToJob(JournalEntry entry)
    {
        string key = entry.Job = NameForms.Composed(entry.Job ?? ""); // earlier releases did not
        bool isKnown = _places.TryGetValue(key, out int place);
        if (JobSteps.Next(isKnown ? _jobs[place] : null, entry, Path) is not { } next)
        {
            return;
        }

        if (!isKnown)
        {
            _places.Add(key, place = _jobs.Count);
            _jobs.Add(next);
        }

        _jobs[place] = next;
        if (next.TaskId is { } taskId)
        {
            _tasks[taskId] = place;
        }

        if (next.SentId is { } sent && sent != next.CommonId)
        {
            _senders[sent] = key;
        }

        if (entry.Event == JournalEntry.Uncertain)
        {
            _retried.Remove(key);
        }
    }

    private int? FindTask(string taskId) => _tasks.TryGetValue(taskId, out int place) && _jobs[place].TaskId == taskId ? place : null;

    private string? FindSender(string externalTaskId) =>
        _senders.TryGetValue(externalTaskId, out string? key) ? key
        : JobKey.FromOwnId(externalTaskId) is var own && _places.ContainsKey(own) ? own
        : null;

    private T Locked<T>(Func<T> use)
    {
        lock (_gate)
        {
            return use();
        }
    }
}
