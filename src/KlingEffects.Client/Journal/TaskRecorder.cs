namespace KlingEffects.Journal;

/// <summary>
/// Writes what a command learns of tasks into the journals that the tasks came from: how they ended, and where their videos are.
/// Lines are gathered for a moment, so that they share a flush, and nobody waits for them but the end of the command.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="warn">Stands for <see cref="Warn"/>.</param>
internal sealed class TaskRecorder(TimeProvider time, Func<SafeText, ValueTask>? warn = null)
{
    private const int MostNamed = 20;

    private readonly object _gate = new();
    private readonly Dictionary<string, List<JournalEntry>> _waiting = new(StringComparer.Ordinal);
    private readonly ConcurrentStringSet _own = new();
    private readonly HashSet<ConcurrentStringSet> _reported = [];
    private readonly TaskCompletionSource<bool> _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;
    private Task? _closed;

    /// <summary>Warns that a journal could not be written, once for all commands of a pipeline; a stage that the recorder is made before sets it.</summary>
    public Func<SafeText, ValueTask> Warn { get; set; } = warn ?? (static _ => default);

    /// <summary>The task has ended, well or not.</summary>
    public void Ended(KlingTask task)
    {
        bool tells = task.Status == KlingTaskStatus.Failed || (task.Status == KlingTaskStatus.Succeed && task.Videos.Count > 0);
        TaskRecord known = task.Context.Record ?? TaskRecord.None;
        if (tells && !known.IsSaved && known.Ended != task.Status)
        {
            Add(task, TaskRecord.From(task, time.GetUtcNow()));
        }
    }

    /// <summary>All videos of the task are on disk.</summary>
    public void Saved(KlingTask task, SavedFile[] files)
    {
        if (task.Context.Record?.Files?.Select(static file => file.Path).SequenceEqual(files.Select(static file => file.Path)) != true)
        {
            DateTimeOffset now = time.GetUtcNow();
            Add(task, TaskRecord.From(task, now) with { Files = files, SavedAt = now });
        }
    }

    /// <summary>Ends when all is written, or told to be lost.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            return _closed ??= EndAsync();
        }
    }

    private void Add(KlingTask task, TaskRecord outcome)
    {
        task.Context.Record = outcome;
        JournalEntry entry = JournalEntry.FromOutcome(task.TaskId, outcome, time.GetUtcNow());
        if (Ledger.For(task, time) is { } ledger)
        {
            ledger.Note(entry);
            return;
        }

        if (task.JournalPath is not { } path)
        {
            return;
        }

        lock (_gate)
        {
            _reported.Add(task.Context.ReportedLost ??= _own);
            if (!_waiting.TryGetValue(path, out List<JournalEntry>? entries))
            {
                _waiting.Add(path, entries = []);
            }

            entries.Add(entry);
            if (!_isWriting && _closed is null)
            {
                _isWriting = true;
                _writing = Task.Run(WriteSoonAsync);
            }
        }
    }

    private async Task WriteSoonAsync()
    {
        do
        {
            await Task.WhenAny(time.Delay(Policy.RecordPause, CancellationToken.None), _closing.Task).ConfigureAwait(false);
            if (_closing.Task.IsCompleted)
            {
                return; // the end writes the rest
            }

            await WriteAsync(isLast: false).ConfigureAwait(false);
        }
        while (IsAnyWaiting());
    }

    private bool IsAnyWaiting()
    {
        lock (_gate)
        {
            return _isWriting = _waiting.Count > 0;
        }
    }

    private async Task EndAsync()
    {
        await Task.Yield();
        _closing.SetResult(true);
        await _writing.ConfigureAwait(false);
        await WriteAsync(isLast: true).ConfigureAwait(false);
    }

    private async Task WriteAsync(bool isLast)
    {
        foreach (KeyValuePair<string, List<JournalEntry>> of in TakeAll())
        {
            KlingException? failure = await TryWriteAsync(of.Key, of.Value, isLast).ConfigureAwait(false);
            if (failure is not null && isLast)
            {
                await WarnAsync(of.Key, of.Value, failure).ConfigureAwait(false);
            }
            else if (failure is not null)
            {
                PutBack(of.Key, of.Value);
            }
        }
    }

    private async ValueTask WarnAsync(string path, List<JournalEntry> entries, KlingException failure)
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
            await Warn($"What became of {lost.Length} tasks is not in the journal '{path}': {failure.Message} The next run asks for them again: "
                + $"{SafeText.Join(", ", lost.Take(MostNamed))}{more}.").ConfigureAwait(false);
        }
    }

    private async Task<KlingException?> TryWriteAsync(string path, List<JournalEntry> entries, bool isLast)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                if (await WasWrittenAsync(path, entries).ConfigureAwait(false))
                {
                    return null;
                }

                if (tries == Policy.BriefHolderTries)
                {
                    return JournalFault.Locked(path);
                }
            }
            catch (KlingException failure)
            {
                if (isLast && failure.InnerException is SilentOwnerException)
                {
                    await Warn(OpenJournals.Waiting(path)).ConfigureAwait(false);
                    if (!await JournalGuard.OutlastAsync(JournalFile.RealPath(path), time, CancellationToken.None).ConfigureAwait(false))
                    {
                        return failure;
                    }
                }
                else if (failure.Id != KlingErrorId.JournalLocked || !OpenJournals.IsBrieflyHeld(path) || tries == Policy.BriefHolderTries)
                {
                    return failure;
                }
            }

            await time.Delay(Policy.BriefHolderPause, CancellationToken.None).ConfigureAwait(false);
        }
    }

    // False where the journal that this process holds is being closed at this moment.
    private async Task<bool> WasWrittenAsync(string path, List<JournalEntry> entries)
    {
        if (OpenJournals.Find(path) is { } open)
        {
            try
            {
                await open.NoteAsync(entries).ConfigureAwait(false);
                return true;
            }
            catch (ObjectDisposedException)
            {
                return false;
            }
        }

        // An object that came from another machine may tell of a journal that is not here.
        return !File.Exists(path)
            ? throw JournalFault.Missing(path)
            : OpenJournals.WhileClosed(path, () => JournalAppend.Write(path, entries, time));
    }

    private KeyValuePair<string, List<JournalEntry>>[] TakeAll()
    {
        lock (_gate)
        {
            KeyValuePair<string, List<JournalEntry>>[] all = [.. _waiting];
            _waiting.Clear();
            return all;
        }
    }

    private void PutBack(string path, List<JournalEntry> entries)
    {
        lock (_gate)
        {
            _waiting[path] = _waiting.TryGetValue(path, out List<JournalEntry>? later) ? [.. entries, .. later] : entries;
        }
    }
}
