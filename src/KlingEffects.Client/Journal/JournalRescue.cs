namespace KlingEffects.Journal;

/// <summary>All that a process knows of a journal that was replaced or removed. The next one that opens the journal merges it.</summary>
internal sealed class JournalRescue : IDisposable
{
    private const string Infix = ".rescue-";

    private readonly FileStream _file;

    private JournalRescue(FileStream file, KlingException loss) => (_file, Loss) = (file, loss);

    public KlingException Loss { get; }

    /// <summary>Creates one beside the journal, else in the ledger's folder, with the header that ids derive from.</summary>
    /// <exception cref="KlingException">The loss, if it could be written nowhere.</exception>
    public static JournalRescue Create(
        string journalPath, string change, JournalHeader header, IReadOnlyList<KlingJob> known, DateTimeOffset now)
    {
        string stamp = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string name = $"{Path.GetFileName(journalPath)}{Infix}{stamp}-{Guid.NewGuid().ToString("N").Substring(0, 4)}";
        string?[] folders = [Path.GetDirectoryName(Path.GetFullPath(journalPath)), Ledger.Folder];
        foreach (string folder in folders.OfType<string>())
        {
            FileStream? file = null;
            try
            {
                Directory.CreateDirectory(folder);
                file = JournalFile.OpenAlone(Path.Combine(folder, name), FileMode.CreateNew);
                JournalFile.Write(file, JournalJson.ToLines(known.SelectMany(JournalEntry.FromJob), header));
                FileStreams.FlushName(file.Name);
                return new JournalRescue(file, JournalFault.Lost(journalPath, change, file.Name, known.Count));
            }
            catch (Exception fault) when (FileFault.IsOfFile(fault))
            {
                file?.Dispose(); // readers skip its torn line
            }
        }

        throw JournalFault.Lost(journalPath, change, null, known.Count);
    }

    /// <summary>Writes entries and returns those that take effect: submits that were about to begin are recorded as refused.</summary>
    public IReadOnlyList<JournalEntry> Write(IReadOnlyList<JournalEntry> entries)
    {
        ILookup<bool, JournalEntry> isSubmit = entries.ToLookup(static entry => entry.Event == JournalEntry.Submitting);
        IEnumerable<JournalEntry> unsent = isSubmit[true].Select(submit => JournalEntry.FromFailure(
            new KlingJob { Key = submit.Job!, Attempt = submit.Number }, JournalEntry.Refused, Loss, submit.At));
        JournalFile.Write(_file, JournalJson.ToLines([.. entries, .. unsent]));
        return [.. isSubmit[false]];
    }

    public void Dispose() => _file.Dispose();

    public static IReadOnlyList<string> Beside(string journalPath)
    {
        string[]? paths = FileFault.Try(() => new[] { Path.GetFullPath(journalPath), FileLinks.Resolve(journalPath) });
        return [.. (paths ?? []).Distinct(StringComparer.Ordinal)
            .SelectMany(static path => FileFault.Try(() => Directory.GetFiles(Path.GetDirectoryName(path)!))?.Where(
                file => Path.GetFileName(file).StartsWith(Path.GetFileName(path) + Infix, StringComparison.Ordinal)) ?? [])
            .OrderBy(static file => file, StringComparer.Ordinal)];
    }

    /// <summary>Merges rescue files into the jobs; returns the entries that were missing.</summary>
    public static IReadOnlyList<JournalEntry> TakeIn(IReadOnlyList<string> rescues, JobTable jobs)
    {
        List<JournalEntry> missing = [];
        foreach (string path in rescues)
        {
            JobTable rescued = JournalContents.Read(path, new()).Jobs;
            rescued.AbandonSubmits();
            foreach (JournalEntry entry in rescued.Jobs.SelectMany(job => Missing(jobs.Find(job.Key), job)).ToArray())
            {
                jobs.Apply(entry);
                missing.Add(entry);
            }
        }

        return missing;
    }

    /// <summary>Deletes a merged file; renames one that has another task of a job than the journal.</summary>
    public static void Remove(string path, JobTable jobs)
    {
        bool isTaken = JournalContents.Read(path, new()).Jobs.Jobs.All(
            job => !job.HasTask || (jobs.Find(job.Key) is { } known && (known.TaskId == job.TaskId || known.Attempt > job.Attempt)));
        if (isTaken)
        {
            File.Delete(path);
        }
        else
        {
            File.Move(path, path.Replace(Infix, ".other-tasks-"));
        }
    }

    // What the journal, perhaps an older copy, lacks. Only an entry about the same submit resolves an uncertain one.
    private static IEnumerable<JournalEntry> Missing(KlingJob? known, KlingJob rescued) => known switch
    {
        null => JournalEntry.FromJob(rescued),
        _ when rescued.Attempt != known.Attempt => rescued.Attempt > known.Attempt ? JournalEntry.FromJob(rescued) : [],
        { HasTask: false } when rescued.HasTask => JournalEntry.FromJob(rescued),
        { HasTask: true } => known.TaskId == rescued.TaskId && rescued.Record.Status is not null
            && (rescued.Record.Status, rescued.SavedAt) != (known.Record.Status, known.SavedAt)
            ? [JournalEntry.FromOutcome(rescued.TaskId!, rescued.Record, rescued.SavedAt ?? rescued.EndedAt)]
            : [],
        { State: KlingJobState.Submitting } when rescued.State == KlingJobState.Refused => known.SubmittedAt == rescued.SubmittedAt
            ? JournalEntry.FromJob(rescued).Where(static entry => entry.Event == JournalEntry.Refused)
            : [],
        { State: KlingJobState.Refused } when rescued.State == KlingJobState.Uncertain => JournalEntry.FromJob(rescued),
        _ => [],
    };
}
