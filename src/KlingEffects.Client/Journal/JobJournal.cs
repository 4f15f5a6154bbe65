using KlingEffects.Jobs;
using KlingEffects.Journal;

namespace KlingEffects;

/// <summary>
/// The record of what was submitted: an append-only text file, one JSON object a line, so that a batch that is run again goes on
/// where it stopped and pays for nothing twice. One process holds it at a time. Safe to use from several threads.
/// </summary>
public sealed class JobJournal : IDisposable
{
    private readonly LiveJobs _jobs;
    private readonly JournalWriter _writer;
    private readonly TimeProvider _time;
    private readonly string _id;
    private readonly JournalGuard? _guard;

    private JobJournal(string path, FileStream file, JournalGuard? guard, JournalHeader header, JobTable jobs, TimeProvider time)
    {
        FilePath = path;
        _guard = guard;
        _id = header.Id!;
        _jobs = new LiveJobs(jobs, path);
        _time = time;
        _writer = new JournalWriter(file, path, guard, _jobs.Apply);
    }

    /// <summary>The file, by the path it was opened with.</summary>
    public string FilePath { get; }

    /// <summary>Every job, in the order of first mention. A copy: it does not change any more.</summary>
    /// <exception cref="ObjectDisposedException">The journal is closed.</exception>
    public IReadOnlyList<JournaledJob> Jobs
    {
        get
        {
            _writer.ThrowIfClosed();
            return _jobs.Copy();
        }
    }

    /// <summary>Opens a journal for this process alone, making the file and its folder if need be. A torn last line is repaired.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock of the lines.</param>
    /// <exception cref="KlingException">JournalLocked: another process or pipeline holds it. JournalInvalid: it is not a journal,
    /// is damaged before its last line, is of a newer version, or can't be opened; nothing was changed in it.</exception>
    public static JobJournal Open(string path, TimeProvider time) => Open(path, time, JournalFile.OpenAlone);

    internal static JobJournal Open(string path, TimeProvider time, Func<string, FileStream> open) =>
        OpenJournals.Open(path, time, () => OpenAlone(path, time, open));

    private static JobJournal OpenAlone(string path, TimeProvider time, Func<string, FileStream> open)
    {
        FileStream file = JournalFile.Hold(path, open);
        JournalGuard? guard = null;
        try
        {
            guard = JournalFile.Guard(path, isBrief: false, time);
            JournalContents contents = JournalFile.Read(file, path);
            JournalHeader header = JournalFile.Repair(file, path, contents, time.GetUtcNow());
            contents.Jobs.AbandonSubmits();
            return new JobJournal(path, file, guard, header, contents.Jobs, time);
        }
        catch
        {
            file.Dispose();
            guard?.Dispose();
            throw;
        }
    }

    /// <summary>Reads the jobs of a journal that another process may be writing; changes nothing and keeps nobody out.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="KlingException">JournalInvalid: there is none, it is not a journal, is damaged or of a newer version.</exception>
    public static IReadOnlyList<JournaledJob> Read(string path) => JournalFile.Look(path).Jobs.Jobs;

    /// <summary>What became of the jobs of a journal that another process may be writing; changes nothing and keeps nobody out.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="KlingException">JournalInvalid: there is none, it is not a journal, is damaged or of a newer version.</exception>
    public static IEnumerable<KlingJob> ReadJobs(string path)
    {
        bool isHeld = OpenJournals.IsHeld(path);
        return JournalFile.Look(path).Jobs.Jobs.Select(job => JobView.Of(job, path, isHeld));
    }

    /// <summary>What a job is known by: its own external id, or a digest of its scene, options and images.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives up reading the images.</param>
    /// <exception cref="KlingException">ImageNotFound or ImageInvalid: an image can't be read.</exception>
    public static Task<string> KeyAsync(EffectJob job, CancellationToken cancellationToken = default) =>
        JobKey.OfAsync(job, cancellationToken);

    /// <summary>The external id to submit a job under: its own, or one derived from the job and this journal, so that an
    /// uncertain submit can be looked up. The same on every run, and another for another journal.</summary>
    /// <param name="key">What the job is known by.</param>
    public string ExternalIdFor(string key) => JobKey.ExternalId(_id, key);

    /// <summary>The external id to send an attempt of the job under, which no other job of this journal is sent under.</summary>
    internal string SentIdFor(string key, int attempt) => _jobs.Reserve(key, JobKey.ExternalId(_id, key, attempt));

    /// <summary>What the job is known by here: its key, or the one that the first release gave it.</summary>
    internal async Task<string> FindKeyAsync(EffectJob job, CancellationToken cancellationToken)
    {
        string key = await JobKey.OfAsync(job, cancellationToken).ConfigureAwait(false);
        return Find(key).State == JobState.New
            && await JobKey.FormerAsync(job, cancellationToken).ConfigureAwait(false) is { } former
            && Find(former).State != JobState.New
            ? former
            : key;
    }

    /// <summary>The job as the journal knows it; one in the state <see cref="JobState.New"/> if it does not.</summary>
    /// <param name="key">What the job is known by.</param>
    /// <exception cref="ObjectDisposedException">The journal is closed.</exception>
    public JournaledJob Find(string key)
    {
        _writer.ThrowIfClosed();
        return _jobs.Find(key);
    }

    /// <summary>Writes that the job is about to be submitted. Nothing may be sent before the task has ended well.</summary>
    /// <param name="key">What the job is known by.</param>
    /// <param name="job">The job as it will be sent, with its external id.</param>
    /// <param name="retryUncertain">Submits a job again that may have been accepted before; holds for repeats of the submit while
    /// it is refused, until this journal is closed or the job is uncertain anew.</param>
    /// <exception cref="KlingException">SubmitUncertain: it may have been accepted. JournalInvalid: the journal can't be written.</exception>
    /// <exception cref="InvalidOperationException">The job has a task, or is being submitted.</exception>
    /// <exception cref="ObjectDisposedException">The journal is closed.</exception>
    public Task SubmittingAsync(string key, EffectJob job, bool retryUncertain = false) =>
        SubmittingAsync(key, new SubmitAttempt(job) { RetryUncertain = retryUncertain });

    internal async Task SubmittingAsync(string key, SubmitAttempt attempt)
    {
        JournalEntry entry = JournalEntry.OfSubmit(key, attempt, _time.GetUtcNow());
        _writer.ThrowIfUnusable();
        _jobs.Begin(key, attempt);
        try
        {
            await _writer.AppendAsync(entry).ConfigureAwait(false);
        }
        finally
        {
            _jobs.EndBeginning(key);
        }
    }

    /// <summary>Writes the task that a job was given. To be awaited before the task is told of.</summary>
    /// <param name="key">What the job is known by.</param>
    /// <param name="task">The task.</param>
    /// <param name="found">Whether a look-up found it, and not the answer to the submit told of it.</param>
    /// <exception cref="ArgumentException">The task has no id.</exception>
    /// <exception cref="KlingException">JournalInvalid: the journal can't be written.</exception>
    /// <exception cref="ObjectDisposedException">The journal is closed.</exception>
    public async Task AcceptedAsync(string key, KlingTask task, bool found = false)
    {
        if (string.IsNullOrEmpty(task.TaskId))
        {
            throw new ArgumentException("A task without an id is none that a job was given.", nameof(task));
        }

        JournalEntry entry = JournalEntry.OfTask(Find(key), task, found, _time.GetUtcNow());
        await _writer.AppendAsync(entry).ConfigureAwait(false);
    }

    /// <summary>Writes that the submit created nothing, so that the job may be submitted again. One that was uncertain before
    /// is so again, for a refusal tells nothing of the earlier submit; one that is not being submitted stays as it is.</summary>
    /// <param name="key">What the job is known by.</param>
    /// <param name="why">The API's answer, or what kept the request from being sent.</param>
    /// <exception cref="KlingException">JournalInvalid: the journal can't be written.</exception>
    /// <exception cref="ObjectDisposedException">The journal is closed.</exception>
    public async Task RefusedAsync(string key, KlingException why)
    {
        // The line would speak of a submit that an earlier process began, once it is read again.
        JournaledJob known = Find(key);
        if (known.State == JobState.Submitting)
        {
            await _writer.AppendAsync(JournalEntry.OfFailure(JournalEntry.Refused, known, why, _time.GetUtcNow())).ConfigureAwait(false);
        }
    }

    /// <summary>Writes that the submit may or may not have been accepted.</summary>
    /// <param name="key">What the job is known by.</param>
    /// <param name="why">What is known of the answer.</param>
    /// <exception cref="KlingException">JournalInvalid: the journal can't be written.</exception>
    /// <exception cref="ObjectDisposedException">The journal is closed.</exception>
    public async Task UncertainAsync(string key, KlingException why) =>
        await _writer.AppendAsync(JournalEntry.OfFailure(JournalEntry.Uncertain, Find(key), why, _time.GetUtcNow())).ConfigureAwait(false);

    /// <summary>Writes what became of tasks. To be awaited by who must know that it is on disk.</summary>
    internal Task NoteAsync(IEnumerable<JournalEntry> entries) => Task.WhenAll(entries.Select(_writer.AppendAsync));

    /// <summary>Writes what is queued and gives the file back.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _guard?.Dispose();
        OpenJournals.Forget(this);
    }
}
