using KlingEffects.Jobs;

namespace KlingEffects.Journal;

/// <summary>Every job of a journal in the order of first mention, and what each line makes of it.</summary>
internal sealed class JobTable
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _oddSenders = new(StringComparer.Ordinal);
    private readonly List<JournaledJob> _jobs = [];
    private Dictionary<string, int>? _tasks;

    public IReadOnlyList<JournaledJob> Jobs => _jobs;

    public JournaledJob Find(string key) =>
        _places.TryGetValue(key, out int place) ? _jobs[place] : new JournaledJob { Key = key };

    /// <summary>The job that was sent under this external id, or null.</summary>
    public string? SenderOf(string externalTaskId) =>
        _oddSenders.TryGetValue(externalTaskId, out string? key) ? key
        : JobKey.OfOwnId(externalTaskId) is var own && _places.ContainsKey(own) ? own
        : null;

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
        bool isKnown = _places.TryGetValue(key, out int place);
        JournaledJob next = JobSteps.Next(isKnown ? _jobs[place] : JobSteps.Unknown, entry);
        if (isKnown)
        {
            _jobs[place] = next;
        }
        else if (next.State != JobState.New)
        {
            place = _jobs.Count;
            _places.Add(key, place);
            _jobs.Add(next);
        }

        if (next.TaskId is { } taskId && _tasks is not null)
        {
            _tasks[taskId] = place;
        }

        if (next.SentId is { } sent && sent != next.ExternalTaskId)
        {
            _oddSenders[sent] = key;
        }
    }

    // Whoever learns of a task's end need not know whose job it is.
    private void Conclude(JournalEntry entry)
    {
        if (_tasks is null)
        {
            _tasks = new Dictionary<string, int>(StringComparer.Ordinal);
            for (int place = 0; place < _jobs.Count; place++)
            {
                if (_jobs[place].TaskId is { } taskId)
                {
                    _tasks[taskId] = place;
                }
            }
        }

        if (_tasks.TryGetValue(entry.TaskId!, out int found) && _jobs[found].TaskId == entry.TaskId)
        {
            _jobs[found] = JobSteps.Conclude(_jobs[found], entry);
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
