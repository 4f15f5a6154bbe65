namespace KlingEffects.Journal;

/// <summary>The journals that this process holds, so that ends of tasks are written through the open one.</summary>
internal static class OpenJournals
{
    // Keyed by path without links; null while a journal is being opened or written briefly.
    private static readonly ConcurrentDictionary<string, JobJournal?> Held = new(
        RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);

    /// <summary>Works with a journal's file while nothing else in this process does; a returned journal stays open.</summary>
    public static JobJournal? WhileClosed(string path, Func<JobJournal?> work)
    {
        string real = FileLinks.Resolve(path);
        if (!Held.TryAdd(real, null))
        {
            throw JournalFault.Locked(path, isBrief: !Held.TryGetValue(real, out JobJournal? held) || held is null);
        }

        JobJournal? open = null;
        try
        {
            return open = work();
        }
        finally
        {
            if (open is null)
            {
                Held.TryRemove(real, out _);
            }
            else
            {
                Held[real] = open;
            }
        }
    }

    /// <summary>Runs work that needs the journal; waits for brief holders and, if it can report that, for a dead owner.</summary>
    public static async Task<T> WhenFreeAsync<T>(
        string path, Func<Task<T>> work, TimeProvider time, Func<SafeText, ValueTask>? waiting, CancellationToken stop)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await work().ConfigureAwait(false);
            }
            catch (KlingException locked) when (locked.InnerException is PassingLockException && tries < Policy.BriefHolderTries)
            {
                if (locked.InnerException is PassingLockException { IsSilent: false })
                {
                    await time.Delay(Policy.BriefHolderPause, stop).ConfigureAwait(false);
                }
                else if (waiting is null || !await JournalGuard.OutlastAsync(path, time, waiting, stop).ConfigureAwait(false))
                {
                    throw;
                }
            }
        }
    }

    /// <summary>The journal of this path, if this process holds it, even if the path has become a link since.</summary>
    public static JobJournal? Find(string path) => Held.TryGetValue(FileLinks.Resolve(path), out JobJournal? journal)
        ? journal
        : Held.Values.FirstOrDefault(journal => journal?.FilePath == path);

    public static void Forget(JobJournal journal)
    {
        foreach (KeyValuePair<string, JobJournal?> held in Held.Where(held => ReferenceEquals(held.Value, journal)))
        {
            Held.TryRemove(held.Key, out _);
        }
    }

    public static bool IsHeld(string path) => Find(path) is not null || JournalGuard.HolderOf(path) is { IsBrief: false };
}
