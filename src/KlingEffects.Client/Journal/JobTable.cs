using KlingEffects.Files;
using KlingEffects.Jobs;

namespace KlingEffects.Journal;

/// <summary>Every job of a journal in the order of first mention, and what each line makes of it.</summary>
internal sealed class JobTable
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _oddSenders = new(StringComparer.Ordinal);
    private readonly List<KlingJob> _jobs = [];
    private Dictionary<string, int>? _tasks;

    public IReadOnlyList<KlingJob> Jobs => _jobs;

    /// <summary>The file that the lines are of.</summary>
    public string Path { get; set; } = "";

    /// <summary>Ends of tasks that no line has told of yet; null where these are passed over.</summary>
    public List<JournalEntry>? EarlyEnds { get; init; }

    /// <summary>The job, or null where the journal does not know it.</summary>
    public KlingJob? Find(string key) => _places.TryGetValue(NameForms.Composed(key), out int place) ? _jobs[place] : null;

    /// <summary>The job that was sent under this external id, or null.</summary>
    public string? SenderOf(string externalTaskId) =>
        _oddSenders.TryGetValue(externalTaskId, out string? key) ? key
        : JobKey.FromOwnId(externalTaskId) is var own && _places.ContainsKey(own) ? own
        : null;

    /// <summary>The job that was given this task, or null.</summary>
    public string? OwnerOf(string taskId) =>
        Tasks.TryGetValue(taskId, out int place) && _jobs[place].TaskId == taskId ? _jobs[place].Key : null;

    public void Apply(JournalEntry entry)
    {
        if (entry.Event is JournalEntry.Ended or JournalEntry.Saved)
        {
            Conclude(entry);
        }
        else if (entry.Job is { } key)
        {
            entry.Job = NameForms.Composed(key); // earlier releases wrote what they were given
            Apply(entry.Job, entry);
        }
    }

    private void Apply(string key, JournalEntry entry)
    {
        bool isKnown = _places.TryGetValue(key, out int place);
        if (JobSteps.Next(isKnown ? _jobs[place] : null, entry, Path) is not { } next)
        {
            return;
        }

        if (isKnown)
        {
            _jobs[place] = next;
        }
        else
        {
            place = _jobs.Count;
            _places.Add(key, place);
            _jobs.Add(next);
        }

        if (next.TaskId is { } taskId && _tasks is not null)
        {
            _tasks[taskId] = place;
        }

        if (next.SentId is { } sent && sent != next.CommonId)
        {
            _oddSenders[sent] = key;
        }
    }

    // Whoever learns of a task's end need not know whose job it is.
    private void Conclude(JournalEntry entry)
    {
        if (Tasks.TryGetValue(entry.TaskId!, out int found) && _jobs[found].TaskId == entry.TaskId)
        {
            _jobs[found] = JobSteps.Conclude(_jobs[found], entry);
        }
        else
        {
            EarlyEnds?.Add(entry);
        }
    }

    private Dictionary<string, int> Tasks
    {
        get
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

            return _tasks;
        }
    }

    /// <summary>To be called where no process can be waiting for an answer any more: what was begun is uncertain.</summary>
    public void AbandonSubmits()
    {
        for (int place = 0; place < _jobs.Count; place++)
        {
            if (_jobs[place] is { State: KlingJobState.Submitting } open && open.JournalPath == Path)
            {
                _jobs[place] = _jobs[place] with { State = KlingJobState.Uncertain };
            }
        }
    }
}
