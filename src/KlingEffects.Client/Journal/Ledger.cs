namespace KlingEffects.Journal;

/// <summary>Records submits without a journal in a file of this process in the user's state folder, so that paid tasks can be found again.
/// It is never used to skip a submit, and a failing write fails none.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The process's, until it ends.")]
internal sealed class Ledger : IJobLog
{
    private const string Extension = ".ledger";

    private static readonly object OwnGate = new();
    private static Ledger? s_own;

    private readonly object _gate = new();
    private readonly ConcurrentStringSet _tasks = new();
    private readonly TimeProvider _time;
    private readonly string _folder;
    private readonly JournalHeader _header;
    private int _count;
    private int _files;
    private string _path = "";
    private FileStream? _file;

    private Ledger(string folder, TimeProvider time)
    {
        _time = time;
        _folder = folder;
        _header = JournalHeader.Create(time.GetUtcNow());
        _header.Owner = GuardOwner.Create(isBrief: false, time.GetUtcNow());
    }

    /// <summary>The folder of all processes' ledgers, which need not exist; null if there is no ledger.</summary>
    public static string? Folder
    {
        get
        {
            if (UserSetting.Read("KLING_LEDGER") is { } given)
            {
                return string.Equals(given, "off", StringComparison.OrdinalIgnoreCase) ? null
                    : Path.GetDirectoryName(Path.GetFullPath(Path.Combine(given, "ledger")));
            }

            string? state = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? UserSetting.Read("LOCALAPPDATA")
                : UserSetting.Read("XDG_STATE_HOME") is { } named && Path.IsPathRooted(named) ? named
                : UserSetting.Read("HOME") is { } home && Directory.Exists(home) ? Path.Combine(home, ".local", "state")
                : null;
            return state is null ? null : Path.Combine(state, "KlingEffects");
        }
    }

    public static Ledger? Open(TimeProvider time)
    {
        string? folder = Folder;
        lock (OwnGate)
        {
            return folder is null ? null : folder == s_own?._folder ? s_own : s_own = new Ledger(folder, time);
        }
    }

    /// <summary>This process's ledger, if the task is in the ledger of any process.</summary>
    public static Ledger? For(KlingTask task, TimeProvider time) => task.JournalPath is { } path
        ? path.EndsWith(Extension, StringComparison.Ordinal) && Path.GetDirectoryName(path) == Folder ? Open(time) : null
        : Volatile.Read(ref s_own) is { } own && own._tasks.Contains(task.TaskId) ? own : null;

    public static IReadOnlyList<KlingJob> Read(Action<KlingException> unreadable)
    {
        JobTable all = new() { EarlyEnds = [] };
        foreach (string path in Files(Folder))
        {
            try
            {
                JournalContents contents = JournalContents.Read(path, all);
                if (contents.Header?.Owner is not { IsOfThisHost: true, IsGone: false })
                {
                    all.AbandonSubmits();
                }
            }
            catch (KlingException failure)
            {
                unreadable(failure);
            }
        }

        all.EarlyEnds.ToList().ForEach(all.Apply);
        return all.Jobs;
    }

    public string NewKey() => FormattableString.Invariant($"{_header.Id}:{Interlocked.Increment(ref _count)}");

    public Task SubmittingAsync(string key, SubmitAttempt attempt) => Note(JournalEntry.FromSubmit(key, attempt, _time.GetUtcNow()));

    public Task AcceptedAsync(string key, KlingTask task, bool found = false)
    {
        _tasks.Add(task.TaskId);
        return Note(JournalEntry.FromTask(new KlingJob { Key = key }, task, found, _time.GetUtcNow()));
    }

    public Task RefusedAsync(string key, KlingException why) =>
        Note(JournalEntry.FromFailure(new KlingJob { Key = key }, JournalEntry.Refused, why, _time.GetUtcNow()));

    public Task UncertainAsync(string key, KlingException why) =>
        Note(JournalEntry.FromFailure(new KlingJob { Key = key }, JournalEntry.Uncertain, why, _time.GetUtcNow()));

    /// <summary>Writes the lines in one call without a flush: the system's cache outlives the process.</summary>
    public Task Note(params JournalEntry[] entries)
    {
        byte[] lines = JournalJson.ToLines(entries);
        lock (_gate)
        {
            try
            {
                Write(lines);
            }
            catch (Exception fault) when (FileFault.IsOfFile(fault))
            {
                _file?.Dispose(); // the submit goes on without a ledger
                _file = null;
            }
        }

        return Task.CompletedTask;
    }

    private static string[] Files(string? folder)
    {
        string[]? files = folder is null ? null : FileFault.Try(() => Directory.GetFiles(folder, $"*{Extension}"));
        return [.. (files ?? []).OrderBy(static file => file, StringComparer.Ordinal)];
    }

    private void DeleteIfOld(string file)
    {
        if (_time.GetUtcNow() - File.GetLastWriteTimeUtc(file) > Policy.LedgerLife)
        {
            File.Delete(file);
        }
    }

    private void Write(byte[] lines)
    {
        if (_file is null || !File.Exists(_path))
        {
            _file?.Dispose();
            Directory.CreateDirectory(_folder);
            // Always a new file: the last one may end in half a line.
            string stamp = _time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
            string id = $"{_header.Owner!.Process}-{_header.Id!.Substring(0, 8)}{(_files++ > 0 ? $"-{_files}" : "")}";
            _path = Path.Combine(_folder, $"{stamp}-{id}{Extension}");
            _file = new(_path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            lines = [.. JournalJson.ToLines([], _header), .. lines];
            Array.ForEach(Files(_folder), file => FileFault.Try(() => DeleteIfOld(file)));
        }

        _file.Write(lines, 0, lines.Length);
    }
}
