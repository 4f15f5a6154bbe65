namespace KlingEffects.Journal;

/// <summary>Every job of a journal in the order of first mention, and what each line makes of it.</summary>
internal sealed class JobTable
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _tasks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _senders = new(StringComparer.Ordinal);
    private readonly List<JournaledJob> _jobs = [];

    public IReadOnlyList<JournaledJob> Jobs => _jobs;

    public JournaledJob Find(string key) =>
        _places.TryGetValue(key, out int place) ? _jobs[place] : new JournaledJob { Key = key };

    /// <summary>The job that was sent under this external id, or null.</summary>
    public string? SenderOf(string externalTaskId) => _senders.TryGetValue(externalTaskId, out string? key) ? key : null;

    public void Apply(JournalEntry entry)
    {
        if (entry.Event is JournalEntry.Ended or JournalEntry.Saved)
        {
            Conclude(entry);
        }
        else if (entry.Job is { } key)
        {
            Apply(key, entry);
        }
    }

    private void Apply(string key, JournalEntry entry)
    {
        JournaledJob next = JobSteps.Next(Find(key), entry);
        if (!_places.TryGetValue(key, out int place))
        {
            if (next.State == JobState.New)
            {
                return;
            }

            place = _jobs.Count;
            _places.Add(key, place);
            _jobs.Add(next);
        }

        _jobs[place] = next;
        if (next.TaskId is { } taskId)
        {
            _tasks[taskId] = place;
        }

        if (entry is { Event: JournalEntry.Submitting, ExternalTaskId: { } sent })
        {
            _senders[sent] = key;
        }
    }

    // Whoever learns of a task's end need not know whose job it is.
    private void Conclude(JournalEntry entry)
    {
        if (_tasks.TryGetValue(entry.TaskId!, out int place) && _jobs[place].TaskId == entry.TaskId)
        {
            _jobs[place] = JobSteps.Conclude(_jobs[place], entry);
        }
    }

    /// <summary>To be called where no process can be waiting for an answer any more: what was begun is uncertain.</summary>
    public void AbandonSubmits()
    {
        for (int place = 0; place < _jobs.Count; place++)
        {
            if (_jobs[place].State == JobState.Submitting)
            {
                _jobs[place] = _jobs[place] with { State = JobState.Uncertain };
            }
        }
    }
}
