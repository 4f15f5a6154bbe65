using System.Runtime.InteropServices;
using KlingEffects.Policies;

namespace KlingEffects.Journal;

/// <summary>The journals that this process holds, so that whoever learns of a task's end writes it through the one that is open.</summary>
internal static class OpenJournals
{
    private static readonly object Gate = new();
    private static readonly Dictionary<string, JobJournal> Held = new(
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    /// <summary>Opens a journal that this process does not hold yet. One that is held for a few lines only is waited for.</summary>
    /// <exception cref="KlingException">JournalLocked, and whatever the opening throws.</exception>
    public static JobJournal Open(string path, TimeProvider time, Func<JobJournal> open)
    {
        string full = JournalFile.RealPath(path);
        for (int tries = 1; ; tries++)
        {
            try
            {
                lock (Gate)
                {
                    if (Held.ContainsKey(full))
                    {
                        throw JournalFault.Locked(path);
                    }

                    JobJournal journal = open();
                    Held.Add(full, journal);
                    return journal;
                }
            }
            catch (KlingException locked) when (locked.Id == KlingErrorId.JournalLocked && tries < Policy.BriefHolderTries && IsBrieflyHeld(full))
            {
                time.WaitAsync(Policy.BriefHolderPause, CancellationToken.None).GetAwaiter().GetResult();
            }
        }
    }

    /// <summary>The journal of this path, if this process holds it.</summary>
    public static JobJournal? Find(string path)
    {
        lock (Gate)
        {
            return Held.TryGetValue(JournalFile.RealPath(path), out JobJournal? journal) ? journal : null;
        }
    }

    /// <summary>The journal is closed.</summary>
    public static void Forget(JobJournal journal)
    {
        lock (Gate)
        {
            string full = JournalFile.RealPath(journal.FilePath);
            if (Held.TryGetValue(full, out JobJournal? open) && ReferenceEquals(open, journal))
            {
                Held.Remove(full);
            }
        }
    }

    /// <summary>Does something to a journal's file while nobody of this process opens one.</summary>
    /// <returns>False where this process holds the journal, and nothing was done.</returns>
    public static bool WhileClosed(string path, Action work)
    {
        lock (Gate)
        {
            if (Held.ContainsKey(JournalFile.RealPath(path)))
            {
                return false;
            }

            work();
            return true;
        }
    }

    /// <summary>Whether anybody holds the journal, of this process or another.</summary>
    public static bool IsHeld(string path) => Find(path) is not null || JournalGuard.HolderOf(JournalFile.RealPath(path)) is { IsBrief: false };

    /// <summary>Whether another process holds the journal for the moment of a few lines.</summary>
    public static bool IsBrieflyHeld(string path) => JournalGuard.HolderOf(path) is { IsBrief: true };
}
