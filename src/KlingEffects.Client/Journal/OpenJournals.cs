using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace KlingEffects.Journal;

/// <summary>The journals that this process holds, so that whoever learns of a task's end writes it through the one that is open.</summary>
internal static class OpenJournals
{
    // By the path without links; null while one is being opened, or written without being opened.
    private static readonly ConcurrentDictionary<string, JobJournal?> Held = new(
        RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);

    /// <summary>Opens a journal that this process does not hold yet.</summary>
    /// <exception cref="KlingException">JournalLocked, and whatever the opening throws.</exception>
    public static JobJournal Open(string path, Func<JobJournal> open)
    {
        string real = JournalFile.RealPath(path);
        if (!Held.TryAdd(real, null))
        {
            throw JournalFault.Locked(path);
        }

        JobJournal? journal = null;
        try
        {
            return journal = open();
        }
        finally
        {
            if (journal is null)
            {
                Held.TryRemove(real, out _);
            }
            else
            {
                Held[real] = journal;
            }
        }
    }

    /// <summary>The same, waiting for who holds it for a few lines only, and for a guard whose owner is dead.</summary>
    /// <param name="path">The file.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="waiting">Told, once, of a wait that is longer than a moment.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<JobJournal> OpenAsync(
        string path, Func<JobJournal> open, TimeProvider time, Action<SafeText> waiting, CancellationToken stop)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return Open(path, open);
            }
            catch (KlingException locked) when (locked.Id == KlingErrorId.JournalLocked && tries < Policy.BriefHolderTries)
            {
                if (locked.InnerException is SilentOwnerException)
                {
                    waiting(Waiting(path));
                    if (!await JournalGuard.OutlastAsync(JournalFile.RealPath(path), time, stop).ConfigureAwait(false))
                    {
                        throw;
                    }
                }
                else if (IsBrieflyHeld(path))
                {
                    await time.Delay(Policy.BriefHolderPause, stop).ConfigureAwait(false);
                }
                else
                {
                    throw;
                }
            }
        }
    }

    /// <summary>What is said of a wait for a dead owner.</summary>
    public static SafeText Waiting(string path) =>
        $"The journal '{path}' is guarded by {JournalGuard.HolderOf(JournalFile.RealPath(path))?.ToString() ?? "an unknown process"}, "
        + $"which can't be seen from here. "
        + $"If it gives no sign of life within {Policy.GuardLife.TotalSeconds} s, it is gone, and the run goes on by itself.";

    /// <summary>The journal of this path, if this process holds it.</summary>
    /// <remarks>A link that was put there since it was opened leads elsewhere, and the path as it was given still means it.</remarks>
    public static JobJournal? Find(string path) => Held.TryGetValue(JournalFile.RealPath(path), out JobJournal? journal)
        ? journal
        : Held.Values.FirstOrDefault(journal => journal?.FilePath == path);

    /// <summary>The journal is closed.</summary>
    public static void Forget(JobJournal journal)
    {
        foreach (KeyValuePair<string, JobJournal?> held in Held.Where(held => ReferenceEquals(held.Value, journal)))
        {
            Held.TryRemove(held.Key, out _);
        }
    }

    /// <summary>Does something to a journal's file while nobody of this process opens one.</summary>
    /// <returns>False where this process holds the journal, and nothing was done.</returns>
    public static bool WhileClosed(string path, Action work)
    {
        string real = JournalFile.RealPath(path);
        if (!Held.TryAdd(real, null))
        {
            return false;
        }

        try
        {
            work();
            return true;
        }
        finally
        {
            Held.TryRemove(real, out _);
        }
    }

    /// <summary>Whether anybody holds the journal, of this process or another.</summary>
    public static bool IsHeld(string path) =>
        Find(path) is not null || JournalGuard.HolderOf(JournalFile.RealPath(path)) is { IsBrief: false };

    /// <summary>Whether the journal is held for the moment of a few lines.</summary>
    public static bool IsBrieflyHeld(string path) => JournalFile.RealPath(path) is var real
        && ((Held.TryGetValue(real, out JobJournal? journal) && journal is null) || JournalGuard.HolderOf(real) is { IsBrief: true });
}
