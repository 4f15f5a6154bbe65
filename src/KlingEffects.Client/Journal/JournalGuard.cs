namespace KlingEffects.Journal;

/// <summary>A lock file for file systems without locks. It names its owner; its modification time shows that the owner is alive.</summary>
internal sealed class JournalGuard : IDisposable
{
    public const string Extension = ".lock";

    private readonly string _path;
    private readonly GuardOwner _owner;
    private readonly ITimer? _heartbeat;
    private readonly object _gate = new();
    private bool _isReleased;

    private JournalGuard(string path, GuardOwner owner, TimeProvider time)
    {
        _path = path;
        _owner = owner;
        _heartbeat = owner.IsBrief ? null : time.CreateTimer(_ => Beat(), null, Policy.GuardHeartbeat, Policy.GuardHeartbeat);
    }

    public event Action? Beats;

    /// <summary>Whether this process still owns the guard: after a long sleep another may have taken it.</summary>
    /// <remarks>Opens the file, because network file systems cache attributes.</remarks>
    public bool IsMine => FileFault.Try(() => GuardOwner.Read(_path))?.Token == _owner.Token;

    /// <summary>Restores the guard if it was removed; false if another process has one there.</summary>
    public bool TryRetake()
    {
        lock (_gate)
        {
            return !_isReleased && TryMake(_path, _owner);
        }
    }

    /// <summary>Creates the guard of a journal, for a brief or a long hold.</summary>
    /// <returns>Null if the folder takes no new files: then the file lock has to suffice.</returns>
    /// <exception cref="KlingException">JournalLocked: another has it. JournalInvalid: something else is in its place.</exception>
    public static JournalGuard? Take(string journalPath, bool isBrief, TimeProvider time)
    {
        string path = PathOf(journalPath);
        GuardOwner owner = GuardOwner.Create(isBrief, time.GetUtcNow());
        try
        {
            GuardOwner? holder = null;
            for (int tries = 0; tries < Policy.GuardTries; tries++)
            {
                if (TryMake(path, owner))
                {
                    return new JournalGuard(path, owner, time);
                }

                if (!IsStale(path, Now, out holder))
                {
                    break;
                }

                Discard(path, holder);
                holder = GuardOwner.Read(path);
            }

            owner.Release();
            throw JournalFault.Locked(journalPath, holder, isSilent: holder is not { IsOfThisHost: true });
        }
        catch (NotSupportedException cause)
        {
            throw JournalFault.Unguarded(journalPath, path, cause);
        }
        catch (Exception cause) when (cause is UnauthorizedAccessException or IOException)
        {
            return null;
        }
    }

    public static GuardOwner? HolderOf(string journalPath)
    {
        string path = PathOf(journalPath);
        return FileFault.Try(() => File.Exists(path) && !IsStale(path, static _ => DateTime.UtcNow, out GuardOwner? owner) ? owner : null);
    }

    /// <summary>Waits for a sign of life of an owner on another machine; removes the guard and returns true if none comes.</summary>
    public static async Task<bool> OutlastAsync(
        string journalPath, TimeProvider time, Func<SafeText, ValueTask> waiting, CancellationToken stop)
    {
        string path = PathOf(journalPath);
        long begun = time.GetTimestamp();
        GuardOwner? owner = GuardOwner.Read(path);
        DateTime changedAt = File.GetLastWriteTimeUtc(path);
        await waiting($"The journal '{journalPath}' is guarded by {owner?.ToString() ?? "an unknown process"}, "
            + $"which can't be seen from here. If it gives no sign of life within {Policy.GuardLife.TotalSeconds} s, it is gone, "
            + $"and the run goes on by itself.").ConfigureAwait(false);
        while (time.GetElapsedTime(begun) < Policy.GuardLife)
        {
            await time.Delay(Policy.GuardLook, stop).ConfigureAwait(false);
            if (!File.Exists(path))
            {
                return true;
            }

            if (GuardOwner.Read(path)?.Token != owner?.Token || File.GetLastWriteTimeUtc(path) != changedAt)
            {
                return false;
            }
        }

        Discard(path, owner);
        return true;
    }

    public void Dispose()
    {
        _heartbeat?.Dispose();
        lock (_gate)
        {
            _isReleased = true;
            _owner.Release();
            if (IsMine)
            {
                FileFault.Try(() => File.Delete(_path));
            }
        }
    }

    private static string PathOf(string journalPath) => FileLinks.Resolve(journalPath) + Extension;

    private static bool TryMake(string path, GuardOwner owner)
    {
        bool isMade = false;
        try
        {
            using FileStream file = Open(path, FileMode.CreateNew);
            isMade = true;
            JsonSerializer.Serialize(file, owner, JournalJson.Guard);
            return true;
        }
        catch (Exception fault) when (!isMade && fault is IOException or UnauthorizedAccessException
            && (File.Exists(path) || Directory.Exists(path)))
        {
            return false;
        }
        catch (IOException) when (isMade)
        {
            FileFault.Try(() => File.Delete(path));
            throw;
        }
    }

    private static FileStream Open(string path, FileMode mode) =>
        new(path, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);

    // The modification time is the only sign of another machine's owner; one in the future is none.
    private static bool IsStale(string path, Func<string, DateTime?> now, out GuardOwner? owner)
    {
        owner = GuardOwner.Read(path);
        return owner is { IsOfThisHost: true } ? owner.IsGone
            : now(path) is { } today && (today - File.GetLastWriteTimeUtc(path)).Duration() > Policy.GuardLife;
    }

    // By the file server's clock, which dates the guard too: the time of a new file.
    private static DateTime? Now(string path)
    {
        string probe = $"{path}.{Guid.NewGuid():N}";
        DateTime? now = FileFault.Try<DateTime?>(() =>
        {
            File.WriteAllBytes(probe, []);
            return File.GetLastWriteTimeUtc(probe);
        });
        FileFault.Try(() => File.Delete(probe));
        return now;
    }

    // Of two processes that find the same guard stale only one can move it; one that moved a newer guard puts it back.
    private static void Discard(string path, GuardOwner? stale)
    {
        string aside = $"{path}.{Guid.NewGuid():N}";
        FileFault.Try(() =>
        {
            File.Move(path, aside);
            if (GuardOwner.Read(aside)?.Token == stale?.Token)
            {
                File.Delete(aside);
            }
            else
            {
                File.Move(aside, path);
            }
        });
    }

    private void Beat()
    {
        Beats?.Invoke();
        lock (_gate)
        {
            if (!_isReleased && IsMine)
            {
                FileFault.Try(() =>
                {
                    using FileStream file = Open(_path, FileMode.Open);
                    JsonSerializer.Serialize(file, _owner, JournalJson.Guard);
                });
            }
        }
    }
}
