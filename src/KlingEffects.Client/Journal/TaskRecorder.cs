using System.Text.Json;
using KlingEffects.Policies;

namespace KlingEffects.Journal;

/// <summary>
/// Writes what a command learns of tasks into the journals that the tasks came from: how they ended, and where their videos are.
/// Lines are gathered for a moment, so that they share a flush, and nobody waits for them but the end of the command.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="warn">Tells the user that a journal could not be written, once for all commands of a pipeline.</param>
internal sealed class TaskRecorder(TimeProvider time, Func<SafeText, ValueTask> warn)
{
    private readonly object _gate = new();
    private readonly Dictionary<string, List<JournalEntry>> _waiting = new(StringComparer.Ordinal);
    private readonly JournalNotice _own = new();
    private readonly HashSet<JournalNotice> _notices = [];
    private readonly TaskCompletionSource<bool> _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;
    private Task? _closed;

    /// <summary>The task has ended, well or not.</summary>
    public void Ended(KlingTask task)
    {
        bool tells = task.Status == KlingTaskStatus.Failed || (task.Status == KlingTaskStatus.Succeed && task.Videos.Count > 0);
        TaskRecord known = task.Context.Record ?? TaskRecord.None;
        if (tells && !known.IsSaved && known.Ended != task.Status)
        {
            Add(task, TaskRecord.Of(task, time.GetUtcNow()));
        }
    }

    /// <summary>All videos of the task are on disk.</summary>
    public void Saved(KlingTask task, SavedFile[] files)
    {
        if (task.Context.Record?.Files?.Select(static file => file.Path).SequenceEqual(files.Select(static file => file.Path)) != true)
        {
            DateTimeOffset now = time.GetUtcNow();
            Add(task, TaskRecord.Of(task, now) with { Files = files, SavedAt = now });
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
        JournalEntry entry = JournalEntry.OfOutcome(task.TaskId, outcome, time.GetUtcNow());
        if (Ledger.Of(task, time) is { } ledger)
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
            _notices.Add(task.Context.Notice ??= _own);
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
            await Task.WhenAny(time.WaitAsync(Policy.RecordPause, CancellationToken.None), _closing.Task).ConfigureAwait(false);
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
            return _isWriting = _waiting.Values.Any(static entries => entries.Count > 0);
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
        foreach (string path in Paths())
        {
            List<JournalEntry> entries = Take(path);
            if (entries.Count == 0)
            {
                continue;
            }

            KlingException? failure = await TryWriteAsync(path, entries).ConfigureAwait(false);
            if (failure is { Id: KlingErrorId.JournalLocked } && !isLast)
            {
                PutBack(path, entries);
            }
            else if (failure is not null)
            {
                await WarnOnceAsync($"What became of {entries.Select(static entry => entry.TaskId).Distinct().Count()} tasks is not in their journal: "
                    + $"{failure.Message} The next run asks for them again.").ConfigureAwait(false);
            }
        }
    }

    private async ValueTask WarnOnceAsync(SafeText text)
    {
        bool isNew;
        lock (_gate)
        {
            isNew = _notices.Any(static notice => !notice.IsGiven);
            foreach (JournalNotice notice in _notices)
            {
                notice.IsGiven = true;
            }
        }

        if (isNew)
        {
            await warn(text).ConfigureAwait(false);
        }
    }

    private async Task<KlingException?> TryWriteAsync(string path, List<JournalEntry> entries)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                if (await WasWrittenAsync(path, entries).ConfigureAwait(false) || tries == Policy.BriefHolderTries)
                {
                    return null;
                }
            }
            catch (KlingException failure)
            {
                bool mayPass = failure.Id == KlingErrorId.JournalLocked && OpenJournals.IsBrieflyHeld(JournalFile.RealPath(path));
                if (!mayPass || tries == Policy.BriefHolderTries)
                {
                    return failure;
                }
            }

            await time.WaitAsync(Policy.BriefHolderPause, CancellationToken.None).ConfigureAwait(false);
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

        // An object that came from another machine tells of a journal that is not here.
        return !File.Exists(path) || OpenJournals.WhileClosed(path, () => JournalAppend.Write(path, Lines(entries), time));
    }

    private static JournalBatch Lines(List<JournalEntry> entries)
    {
        JournalBatch batch = new();
        foreach (JournalEntry entry in entries)
        {
            batch.Add(entry, JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Entry));
        }

        return batch;
    }

    private string[] Paths()
    {
        lock (_gate)
        {
            return [.. _waiting.Keys];
        }
    }

    private List<JournalEntry> Take(string path)
    {
        lock (_gate)
        {
            List<JournalEntry> entries = _waiting[path];
            _waiting[path] = [];
            return entries;
        }
    }

    private void PutBack(string path, List<JournalEntry> entries)
    {
        lock (_gate)
        {
            _waiting[path].InsertRange(0, entries);
        }
    }
}
