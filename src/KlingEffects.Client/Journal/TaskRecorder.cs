namespace KlingEffects.Journal;

/// <summary>Writes ends and saved videos into the tasks' journals, together to share a flush; only a command's end waits.</summary>
internal sealed class TaskRecorder(TimeProvider time)
{
    private const int MostNamed = 20;

    private readonly object _gate = new();
    private readonly ConcurrentStringSet _own = new();
    private readonly HashSet<ConcurrentStringSet> _reported = [];
    private readonly TaskCompletionSource<Func<SafeText, ValueTask>> _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<(string Path, JournalEntry Entry)> _waiting = [];
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;
    private CancellationToken _stop;

    public void Ended(KlingTask task)
    {
        bool tells = task.HasFailed || (task.HasEnded && task.Videos.Count > 0);
        TaskRecord known = task.Context.Record ?? TaskRecord.None;
        if (tells && !known.IsSaved && known.Ended != task.Status)
        {
            Add(task, TaskRecord.From(task, time.GetUtcNow()));
        }
    }

    public void Saved(KlingTask task, SavedFile[] files)
    {
        if (task.Context.Record?.Files?.Select(static file => file.Path).SequenceEqual(files.Select(static file => file.Path)) != true)
        {
            DateTimeOffset now = time.GetUtcNow();
            Add(task, TaskRecord.From(task, now) with { Files = files, SavedAt = now });
        }
    }

    /// <summary>Completes when all lines are written or warned about, once per pipeline. A stop ends the wait for another owner.</summary>
    public Task CloseAsync(Func<SafeText, ValueTask> warn, CancellationToken stop)
    {
        lock (_gate)
        {
            _stop = stop;
            _closing.TrySetResult(warn);
            return _writing;
        }
    }

    private void Add(KlingTask task, TaskRecord outcome)
    {
        task.Context.Record = outcome;
        JournalEntry entry = JournalEntry.FromOutcome(task.TaskId, outcome, time.GetUtcNow());
        if (Ledger.For(task, time) is { } ledger)
        {
            ledger.Note(entry);
        }
        else if (task.JournalPath is { } path)
        {
            lock (_gate)
            {
                _reported.Add(task.Context.ReportedLost ??= _own);
                _waiting.Add((path, entry));
                if (!_isWriting)
                {
                    _isWriting = true;
                    _writing = Task.Run(WriteAsync);
                }
            }
        }
    }

    // Runs while there are lines. Failed writes are retried; the last failure is warned about.
    private async Task WriteAsync()
    {
        List<(string Path, JournalEntry Entry)> lines;
        do
        {
            await Task.WhenAny(time.Delay(Policy.RecordPause, CancellationToken.None), _closing.Task).ConfigureAwait(false);
            Func<SafeText, ValueTask>? warn = _closing.Task.IsCompleted ? await _closing.Task.ConfigureAwait(false) : null;
            lines = TakeAll();
            foreach (IGrouping<string, JournalEntry> of in lines.GroupBy(static line => line.Path, static line => line.Entry))
            {
                try
                {
                    await OpenJournals.WhenFreeAsync(of.Key, () => WriteAsync(of.Key, of), time, warn, _stop).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    // the next run asks for these tasks again
                }
                catch (KlingException failure) when (warn is not null)
                {
                    await WarnAsync(of.Key, of, failure, warn).ConfigureAwait(false);
                }
                catch (KlingException)
                {
                    PutBack(of);
                }
            }
        }
        while (lines.Count > 0);
    }

    // Through the journal if this process holds it, else with a brief hold.
    private async Task<JobJournal?> WriteAsync(string path, IEnumerable<JournalEntry> entries)
    {
        if (OpenJournals.Find(path) is { } open)
        {
            try
            {
                await open.NoteAsync(entries).ConfigureAwait(false);
                return open;
            }
            catch (ObjectDisposedException)
            {
                throw JournalFault.Locked(path, isBrief: true); // it is being closed
            }
        }

        // An object from another machine may name a journal that does not exist here.
        return !File.Exists(path) ? throw JournalFault.Missing(path) : OpenJournals.WhileClosed(path, () =>
        {
            JournalFile.AppendBriefly(path, entries, time);
            return null;
        });
    }

    private async ValueTask WarnAsync(
        string path, IEnumerable<JournalEntry> entries, KlingException failure, Func<SafeText, ValueTask> warn)
    {
        string[] lost;
        lock (_gate)
        {
            lost = [.. entries.Select(static entry => entry.TaskId!).Distinct()
                .Where(id => _reported.Aggregate(false, (isNew, reported) => reported.Add(id) || isNew))];
        }

        if (lost.Length > 0)
        {
            string more = lost.Length > MostNamed ? $" and {lost.Length - MostNamed} more" : "";
            await warn($"What became of {lost.Length} tasks is not in the journal '{path}': {failure.Message} "
                + $"The next run asks for them again: {SafeText.Join(", ", lost.Take(MostNamed))}{more}.").ConfigureAwait(false);
        }
    }

    private List<(string Path, JournalEntry Entry)> TakeAll()
    {
        lock (_gate)
        {
            (List<(string, JournalEntry)> all, _waiting) = (_waiting, []);
            _isWriting = all.Count > 0;
            return all;
        }
    }

    private void PutBack(IGrouping<string, JournalEntry> lines)
    {
        lock (_gate)
        {
            _waiting.InsertRange(0, lines.Select(entry => (lines.Key, entry)));
        }
    }
}
