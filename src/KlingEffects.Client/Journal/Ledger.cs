using System.Runtime.InteropServices;
using KlingEffects.Files;

namespace KlingEffects.Journal;

/// <summary>
/// Notes submits that have no journal, in a journal of this process in the user's state folder, for finding paid tasks again.
/// Nobody asks it what was submitted before, and what can't be noted keeps no submit back.
/// </summary>
internal sealed class Ledger : IJobLog
{
    private const string Variable = "KLING_LEDGER";
    private const string Off = "off";
    private const string FolderName = "KlingEffects";
    private const string Extension = ".ledger";

    private static readonly object Gate = new();
    private static Ledger? s_own;

    private readonly ConcurrentStringSet _tasks = new();
    private readonly TimeProvider _time;
    private readonly string _folder;
    private readonly string _path;
    private readonly JournalHeader _header;
    private int _count;

    private Ledger(string folder, TimeProvider time)
    {
        _time = time;
        _folder = folder;
        _header = JournalHeader.Create(time.GetUtcNow());
        _header.Owner = GuardOwner.Create(isBrief: false, time.GetUtcNow());
        string stamp = time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
        _path = Path.Combine(folder, $"{stamp}-{_header.Owner.Process}-{_header.Id!.Substring(0, 8)}{Extension}");
    }

    /// <summary>Where the ledgers of all processes are; null where there is none. The folder need not be there.</summary>
    public static string? Folder
    {
        get
        {
            if (UserSetting.Read(Variable) is { } given)
            {
                return string.Equals(given, Off, StringComparison.OrdinalIgnoreCase) ? null : Path.GetFullPath(given);
            }

            string? state = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? UserSetting.Read("LOCALAPPDATA")
                : UserSetting.Read("XDG_STATE_HOME") is { } named && Path.IsPathRooted(named) ? named
                : UserSetting.Read("HOME") is { } home && Directory.Exists(home) ? Path.Combine(home, ".local", "state")
                : null;
            return state is null ? null : Path.Combine(state, FolderName);
        }
    }

    /// <summary>This process's ledger; null where there is none.</summary>
    public static Ledger? Open(TimeProvider time)
    {
        string? folder = Folder;
        lock (Gate)
        {
            return folder is null ? null : folder == s_own?._folder ? s_own : s_own = new Ledger(folder, time);
        }
    }

    /// <summary>The ledger that is to know what becomes of the task: this process's, where any process's noted its submit.</summary>
    public static Ledger? For(KlingTask task, TimeProvider time) => task.JournalPath is { } path
        ? path.EndsWith(Extension, StringComparison.Ordinal) && Path.GetDirectoryName(path) == Folder ? Open(time) : null
        : Volatile.Read(ref s_own) is { } own && own._tasks.Contains(task.TaskId) ? own : null;

    /// <summary>The submits of all processes, in the order in which these began.</summary>
    /// <param name="unreadable">Told of each file that can't be read; the others are.</param>
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

        foreach (JournalEntry end in all.EarlyEnds.ToArray())
        {
            all.Apply(end);
        }

        return all.Jobs;
    }

    /// <summary>A key for a job: each is one of its own, for what was paid for twice is two tasks.</summary>
    public string NewKey() => FormattableString.Invariant($"{_header.Id}:{Interlocked.Increment(ref _count)}");

    public Task SubmittingAsync(string key, SubmitAttempt attempt) => Note(JournalEntry.FromSubmit(key, attempt, _time.GetUtcNow()));

    public Task AcceptedAsync(string key, KlingTask task, bool found = false)
    {
        _tasks.Add(task.TaskId);
        return Note(JournalEntry.FromTask(new KlingJob { Key = key }, task, found, _time.GetUtcNow()));
    }

    public Task RefusedAsync(string key, KlingException why) => Fail(JournalEntry.Refused, key, why);

    public Task UncertainAsync(string key, KlingException why) => Fail(JournalEntry.Uncertain, key, why);

    /// <summary>Writes the lines with one call, and waits for no disk: what the system has outlives the process.</summary>
    public Task Note(params JournalEntry[] entries)
    {
        byte[] lines = JournalJson.ToLines(entries);
        lock (Gate)
        {
            try
            {
                Write(lines);
            }
            catch (Exception fault) when (JournalFault.IsOfTheFile(fault))
            {
                // no ledger, then: the submit goes on
            }
        }

        return Task.CompletedTask;
    }

    private Task Fail(string kind, string key, KlingException why) =>
        Note(JournalEntry.FromFailure(kind, new KlingJob { Key = key }, why, _time.GetUtcNow()));

    private static string[] Files(string? folder)
    {
        try
        {
            string[] files = folder is null || !Directory.Exists(folder) ? [] : Directory.GetFiles(folder, $"*{Extension}");
            Array.Sort(files, StringComparer.Ordinal);
            return files;
        }
        catch (Exception fault) when (JournalFault.IsOfTheFile(fault))
        {
            return [];
        }
    }

    private void Write(byte[] lines)
    {
        if (!File.Exists(_path))
        {
            Directory.CreateDirectory(_folder);
            RemoveOld();
        }

        using FileStream file = new(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        if (file.Position == 0)
        {
            lines = [.. JsonSerializer.SerializeToUtf8Bytes(_header, JournalJson.Header), (byte)'\n', .. lines];
        }

        file.Write(lines, 0, lines.Length);
    }

    private void RemoveOld()
    {
        foreach (string old in Files(_folder))
        {
            if (_time.GetUtcNow() - File.GetLastWriteTimeUtc(old) > Policy.LedgerLife)
            {
                File.Delete(old);
            }
        }
    }
}
