using KlingEffects.Jobs;
using KlingEffects.Journal;

namespace KlingEffects;

/// <summary>
/// The record of what was submitted: an append-only text file, one JSON object a line, so that a batch that is run again goes on
/// where it stopped and pays for nothing twice. One process holds it at a time. Safe to use from several threads.
/// </summary>
public sealed class JobJournal : IJobLog, IDisposable
{
    private readonly JobTable _jobs;
    private readonly JournalWriter _writer;
    private readonly TimeProvider _time;
    private readonly string _id;

    private JobJournal(JournalFile file, JournalHeader header, JobTable jobs, TimeProvider time)
    {
        FilePath = file.FilePath;
        _id = header.Id!;
        _jobs = jobs;
        _time = time;
        _writer = new JournalWriter(file, header, jobs, time);
        file.Guard?.Beats += _writer.Check;
    }

    /// <summary>The file, by the path it was opened with.</summary>
    public string FilePath { get; }

    /// <summary>Every job, in the order of first mention. A copy: it does not change any more.</summary>
    /// <exception cref="ObjectDisposedException">The journal is closed.</exception>
    public IReadOnlyList<KlingJob> Jobs
    {
        get
        {
            _writer.ThrowIfClosed();
            return _jobs.Jobs;
        }
    }

    /// <summary>Opens a journal for this process alone, making the file and its folder if need be. A torn last line is repaired.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock of the lines.</param>
    /// <exception cref="KlingException">JournalLocked: another process or pipeline holds it. JournalInvalid: it is not a journal,
    /// is damaged before its last line, is of a newer version, or can't be opened; nothing was changed in it.</exception>
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

    internal static JobJournal Open(string path, TimeProvider time, Func<string, FileStream> open) => OpenJournals.Open(path, () =>
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
    });

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

    /// <summary>The external id to submit a job under: its own, or one of the job and this journal, the same on every run.</summary>
    internal string ExternalIdFor(string key) => JobKey.ExternalId(_id, key);

    /// <summary>The external id to send an attempt of the job under, which no other job of this journal is sent under.</summary>
    internal string SentIdFor(string key, int attempt) => _jobs.Reserve(key, JobKey.ExternalId(_id, key, attempt));

    internal string? JobOfTask(string taskId) => _jobs.OwnerOf(taskId);

    internal string? JobSentAs(string externalTaskId) => _jobs.SenderOf(externalTaskId);

    /// <summary>The job as the journal knows it; null if it does not.</summary>
    /// <exception cref="ObjectDisposedException">The journal is closed.</exception>
    internal KlingJob? Find(string key)
    {
        _writer.ThrowIfClosed();
        return _jobs.Find(key);
    }

    async Task IJobLog.SubmittingAsync(string key, SubmitAttempt attempt)
    {
        JournalEntry entry = JournalEntry.FromSubmit(key, attempt, _time.GetUtcNow());
        _writer.ThrowIfUnusable();
        _jobs.Begin(key, attempt);
        try
        {
            await _writer.AppendAsync(entry).ConfigureAwait(false);
            if (_writer.Loss is { } loss)
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
        : _writer.AppendAsync(JournalEntry.FromTask(FindOrNew(key), task, found, _time.GetUtcNow()));

    // Of a submit that is not under way the line would speak of one that an earlier process began, once it is read again.
    Task IJobLog.RefusedAsync(string key, KlingException why) => Find(key) is { State: KlingJobState.Submitting } known
        ? _writer.AppendAsync(JournalEntry.FromFailure(JournalEntry.Refused, known, why, _time.GetUtcNow()))
        : Task.CompletedTask;

    Task IJobLog.UncertainAsync(string key, KlingException why) =>
        _writer.AppendAsync(JournalEntry.FromFailure(JournalEntry.Uncertain, FindOrNew(key), why, _time.GetUtcNow()));

    /// <summary>Writes what became of tasks. To be awaited by who must know that it is on disk.</summary>
    internal Task NoteAsync(IEnumerable<JournalEntry> entries) => Task.WhenAll(entries.Select(_writer.AppendAsync));

    /// <summary>Why nothing more is submitted with the journal: the file was taken away. Null before that.</summary>
    internal KlingException? Loss(bool looksAgain)
    {
        if (looksAgain)
        {
            _writer.Check();
        }

        return _writer.Loss;
    }

    /// <summary>Writes what is queued and gives the file back.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        OpenJournals.Forget(this);
    }

    private KlingJob FindOrNew(string key) => Find(key) ?? new KlingJob { Key = key };
}
