namespace KlingEffects.Journal;

/// <summary>Every job of a journal in the order of first mention, and what each line makes of it.</summary>
internal sealed class JobTable
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<JournaledJob> _jobs = [];

    public IReadOnlyList<JournaledJob> Jobs => _jobs;

    public JournaledJob Find(string key) =>
        _places.TryGetValue(key, out int place) ? _jobs[place] : new JournaledJob { Key = key };

    public void Apply(JournalEntry entry)
    {
        if (entry.Job is not { } key)
        {
            return;
        }

        JournaledJob job = Find(key);
        JournaledJob next = Next(job, entry);
        if (_places.TryGetValue(key, out int place))
        {
            _jobs[place] = next;
        }
        else if (next.State != JobState.New)
        {
            _places.Add(key, _jobs.Count);
            _jobs.Add(next);
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

    private static JournaledJob Next(JournaledJob job, JournalEntry entry) => (entry.Event, job.State) switch
    {
        (_, JobState.Accepted) => job,
        (JournalEntry.Submitting, _) => Begun(job, entry),
        (JournalEntry.Accepted, _) => Taken(job, entry),
        (JournalEntry.Refused, JobState.Submitting) => Failed(job, entry, job.InDoubt ? JobState.Uncertain : JobState.Refused),
        (JournalEntry.Uncertain, _) => Failed(job, entry, JobState.Uncertain),
        _ => job,
    };

    private static JournaledJob Begun(JournaledJob job, JournalEntry entry) => new()
    {
        Key = job.Key,
        State = JobState.Submitting,
        Scene = entry.Scene,
        ExternalTaskId = entry.ExternalTaskId,
        Images = entry.Images ?? [],
        Duration = entry.Duration,
        Mode = entry.Mode,
        ModelName = entry.ModelName,
        At = entry.At,
        InDoubt = job.InDoubt || job.State is JobState.Submitting or JobState.Uncertain,
    };

    private static JournaledJob Taken(JournaledJob job, JournalEntry entry) => job with
    {
        State = JobState.Accepted,
        TaskId = entry.TaskId,
        Kind = entry.Kind ?? job.Kind,
        RequestId = entry.RequestId,
        Scene = entry.Scene ?? job.Scene,
        ExternalTaskId = entry.ExternalTaskId ?? job.ExternalTaskId,
        ErrorId = null,
        Code = null,
        At = entry.At,
        InDoubt = false,
    };

    private static JournaledJob Failed(JournaledJob job, JournalEntry entry, JobState state) => job with
    {
        State = state,
        ErrorId = entry.Error,
        Code = entry.Code,
        At = entry.At,
    };
}
