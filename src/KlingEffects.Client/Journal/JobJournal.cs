using KlingEffects.Jobs;
using KlingEffects.Journal;

namespace KlingEffects;

/// <summary>The record of what was submitted: an append-only text file, one JSON object a line, so that a batch that is run again goes on
/// where it stopped and pays for nothing twice. One process holds it at a time. Safe to use from several threads.</summary>
public sealed class JobJournal : IJobLog, IDisposable
{
    private readonly object _queueGate = new();
    private readonly object _fileGate = new();
    private readonly JournalFile _file;
    private readonly JournalHeader _header;
    private readonly JobTable _jobs;
    private readonly TimeProvider _time;
    private Batch _queue = new();
    private volatile JournalRescue? _rescue;
    private volatile KlingException? _failure;
    private volatile bool _isClosed;

    private JobJournal(JournalFile file, JournalHeader header, JobTable jobs, TimeProvider time)
    {
        (_file, _header, _jobs, _time) = (file, header, jobs, time);
        file.Guard?.Beats += Check;
    }

    /// <summary>The file, by the path it was opened with.</summary>
    public string FilePath => _file.FilePath;

    /// <summary>Every job, in the order of first mention. A copy: it does not change any more.</summary>
    /// <exception cref="ObjectDisposedException">The journal is closed.</exception>
    public IReadOnlyList<KlingJob> Jobs => Table.Jobs;

    /// <summary>Opens a journal for this process alone, making the file and its folder if need be. A torn last line is repaired.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock of the lines.</param>
    /// <exception cref="KlingException">JournalLocked: another process or pipeline holds it. JournalInvalid: it is not a journal, is
    /// damaged before its last line, is of a newer version, or can't be opened; nothing was changed in it.</exception>
    public static JobJournal Open(string path, TimeProvider time) =>
        Open(path, time, static path => JournalFile.OpenAlone(path, FileMode.OpenOrCreate));

    /// <summary>The same, waiting for who holds it for a moment, and for a minute at most where its last owner seems dead.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock.</param>
    /// <param name="tell">Told in plain words of a wait that is longer than a moment; on any thread.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KlingException">As <see cref="Open(string, TimeProvider)"/>.</exception>
    public static Task<JobJournal> OpenAsync(
        string path, TimeProvider time, Action<string>? tell = null, CancellationToken cancellationToken = default) =>
        OpenJournals.WhenFreeAsync(path, () => Task.FromResult(Open(path, time)), time, wait =>
        {
            tell?.Invoke(wait.ToString());
            return default;
        }, cancellationToken);

    internal static JobJournal Open(string path, TimeProvider time, Func<string, FileStream> open) => OpenJournals.WhileClosed(path, () =>
    {
        JournalFile file = JournalFile.Hold(path, isBrief: false, time, open);
        try
        {
            JobTable jobs = new();
            JournalHeader header = file.Load(time, jobs);
            jobs.AbandonSubmits();
            return new JobJournal(file, header, jobs, time);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    })!;

    /// <summary>What became of the jobs of a journal that another process may be writing; changes nothing and keeps nobody out.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="KlingException">JournalInvalid: there is none, it is not a journal, is damaged or of a newer version.</exception>
    public static IReadOnlyList<KlingJob> Read(string path)
    {
        bool isHeld = OpenJournals.IsHeld(path);
        JobTable jobs = JournalContents.ReadWithRescues(path).Jobs;
        if (!isHeld)
        {
            jobs.AbandonSubmits();
        }

        return jobs.Jobs;
    }

    internal string ExternalIdFor(string key) => JobKey.ExternalId(_header.Id!, key);

    /// <summary>The external id of an attempt, which no other job of this journal is sent under.</summary>
    internal string SentIdFor(string key, int attempt) => _jobs.Reserve(key, JobKey.ExternalId(_header.Id!, key, attempt));

    internal string? JobOfTask(string taskId) => _jobs.OwnerOf(taskId);

    internal string? JobSentAs(string externalTaskId) => _jobs.SenderOf(externalTaskId);

    internal KlingJob? Find(string key) => Table.Find(key);

    async Task IJobLog.SubmittingAsync(string key, SubmitAttempt attempt)
    {
        JournalEntry entry = JournalEntry.FromSubmit(key, attempt, _time.GetUtcNow());
        ThrowIf(_failure ?? _rescue?.Loss);
        _jobs.Begin(key, attempt);
        try
        {
            await AppendAsync(entry).ConfigureAwait(false);
            if (_rescue is { Loss: var loss })
            {
                throw loss.WithSubject(FilePath);
            }
        }
        finally
        {
            _jobs.EndBeginning(key);
        }
    }

    Task IJobLog.AcceptedAsync(string key, KlingTask task, bool found) => string.IsNullOrEmpty(task.TaskId)
        ? throw new ArgumentException("A task without an id is none that a job was given.", nameof(task))
        : AppendAsync(JournalEntry.FromTask(FindOrNew(key), task, found, _time.GetUtcNow()));

    // For a job that is not being submitted, a later reader would apply the line to an earlier process's submit.
    Task IJobLog.RefusedAsync(string key, KlingException why) => Find(key) is { State: KlingJobState.Submitting } known
        ? AppendAsync(JournalEntry.FromFailure(known, JournalEntry.Refused, why, _time.GetUtcNow()))
        : Task.CompletedTask;

    Task IJobLog.UncertainAsync(string key, KlingException why) =>
        AppendAsync(JournalEntry.FromFailure(FindOrNew(key), JournalEntry.Uncertain, why, _time.GetUtcNow()));

    internal Task NoteAsync(IEnumerable<JournalEntry> entries) => Task.WhenAll(entries.Select(AppendAsync));

    /// <summary>Checks whether the file was changed by others; if so, why nothing more is submitted with it.</summary>
    internal KlingException? FindLoss()
    {
        Check();
        return _rescue?.Loss;
    }

    /// <summary>Writes what is queued and gives the file back.</summary>
    public void Dispose()
    {
        Check();
        lock (_queueGate)
        {
            _isClosed = true;
        }

        Drain();
        _file.Dispose();
        _rescue?.Dispose();
        OpenJournals.Forget(this);
    }

    private JobTable Table => _isClosed ? throw new ObjectDisposedException(nameof(JobJournal)) : _jobs;

    private KlingJob FindOrNew(string key) => Find(key) ?? new KlingJob { Key = key };

    // Completes when the line is on disk and applied to its job. Lines that arrive during a flush share the next one.
    private Task AppendAsync(JournalEntry entry)
    {
        byte[] line = JournalJson.ToLines([entry]);
        if (line.Length > JournalJson.LongestLine)
        {
            throw JournalFault.TooLong(entry.Job);
        }

        lock (_queueGate)
        {
            ThrowIf(_failure);
            _queue.Entries.Add(entry);
            _queue.Lines.AddRange(line);
            if (_queue.Entries.Count == 1)
            {
                _ = Task.Run(Drain);
            }

            return _queue.Written.Task;
        }
    }

    private void ThrowIf(KlingException? failure)
    {
        if (_isClosed || failure is not null)
        {
            throw _isClosed ? new ObjectDisposedException(nameof(JobJournal)) : failure!.WithSubject(FilePath);
        }
    }

    private void Check()
    {
        lock (_fileGate)
        {
            if (!_isClosed && _failure is null && _rescue is null)
            {
                Write(new Batch());
            }
        }
    }

    private void Drain()
    {
        lock (_fileGate)
        {
            Batch batch = TakeQueue();
            if (batch.Entries.Count > 0)
            {
                Write(batch);
            }
        }
    }

    private Batch TakeQueue()
    {
        lock (_queueGate)
        {
            (Batch queue, _queue) = (_queue, new Batch());
            return queue;
        }
    }

    private void Write(Batch batch)
    {
        try
        {
            if (_rescue is null && _file.Append([.. batch.Lines]) is { } change)
            {
                _rescue = JournalRescue.Create(FilePath, change, _header, _jobs.Jobs, _time.GetUtcNow());
            }

            foreach (JournalEntry entry in _rescue?.Write(batch.Entries) ?? batch.Entries)
            {
                _jobs.Apply(entry);
            }

            batch.Written.SetResult(true);
        }
        catch (Exception cause)
        {
            KlingException failure = cause as KlingException ?? JournalFault.Unwritten(FilePath, cause);
            lock (_queueGate)
            {
                _failure = failure;
            }

            batch.Written.SetException(failure);
            TakeQueue().Written.SetException(failure);
        }
    }

    private sealed class Batch
    {
        public List<JournalEntry> Entries { get; } = [];
        public List<byte> Lines { get; } = [];
        public TaskCompletionSource<bool> Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
