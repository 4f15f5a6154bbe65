namespace KlingEffects.Journal;

/// <summary>
/// Writes lines so that each call ends with its line on the disk and its job told of it; lines that come during one flush share the next.
/// </summary>
internal sealed class JournalWriter(JournalFile file, JournalHeader header, JobTable jobs, TimeProvider time) : IDisposable
{
    private readonly object _queueGate = new();
    private readonly object _fileGate = new();
    private Batch _queue = new();
    private FileStream? _rescue;
    private volatile bool _isClosed;
    private volatile KlingException? _failure;
    private volatile KlingException? _loss;

    /// <summary>Why nothing more is submitted, though what becomes of the jobs is still written beside the journal; or null.</summary>
    public KlingException? Loss => _loss;

    /// <summary>Queues the entry; the task ends when the disk has it.</summary>
    /// <exception cref="KlingException">JournalInvalid: a line could not be written. InvalidRequest: it is too long.</exception>
    public Task AppendAsync(JournalEntry entry)
    {
        byte[] line = JournalJson.ToLines([entry]);
        if (line.Length > JournalJson.LongestLine)
        {
            throw JournalFault.TooLong(entry.Job);
        }

        lock (_queueGate)
        {
            ThrowIf(_failure);
            _queue.Entries.Add(entry);
            _queue.Lines.AddRange(line);
            if (_queue.Entries.Count == 1)
            {
                _ = Task.Run(Drain);
            }

            return _queue.Written.Task;
        }
    }

    public void ThrowIfClosed() => ThrowIf(null);

    /// <summary>Throws if no job may be submitted with the journal any more.</summary>
    public void ThrowIfUnusable() => ThrowIf(_failure ?? _loss);

    /// <summary>Looks whether the journal is still what it was, and rescues what is known where it is not.</summary>
    public void Check()
    {
        lock (_fileGate)
        {
            if (!_isClosed && _failure is null && _rescue is null)
            {
                Write(new Batch());
            }
        }
    }

    /// <summary>Writes what is queued and gives the file back.</summary>
    public void Dispose()
    {
        Check();
        lock (_queueGate)
        {
            _isClosed = true;
        }

        Drain();
        file.Dispose();
        _rescue?.Dispose();
    }

    private void ThrowIf(KlingException? failure)
    {
        if (_isClosed || failure is not null)
        {
            throw _isClosed ? new ObjectDisposedException(nameof(JobJournal)) : failure!.WithSubject(file.FilePath);
        }
    }

    private void Drain()
    {
        lock (_fileGate)
        {
            Batch batch = TakeQueue();
            if (batch.Entries.Count > 0)
            {
                Write(batch);
            }
        }
    }

    private Batch TakeQueue()
    {
        lock (_queueGate)
        {
            (Batch queue, _queue) = (_queue, new Batch());
            return queue;
        }
    }

    private void Write(Batch batch)
    {
        try
        {
            if (_rescue is null && file.Append([.. batch.Lines]) is { } change)
            {
                Rescue(change);
            }

            foreach (JournalEntry entry in _rescue is null ? batch.Entries : WriteBeside(batch.Entries))
            {
                jobs.Apply(entry);
            }

            batch.Written.SetResult(true);
        }
        catch (Exception cause)
        {
            KlingException failure = cause as KlingException ?? JournalFault.Unwritten(file.FilePath, cause);
            lock (_queueGate)
            {
                _failure = failure;
            }

            batch.Written.SetException(failure);
            TakeQueue().Written.SetException(failure);
        }
    }

    private void Rescue(string change)
    {
        IReadOnlyList<KlingJob> known = jobs.Jobs;
        try
        {
            _rescue = JournalRescue.Create(file.FilePath, header, known, time.GetUtcNow());
        }
        catch (Exception fault) when (JournalFault.IsOfTheFile(fault))
        {
            throw JournalFault.Lost(file.FilePath, change, null, known.Count);
        }

        _loss = JournalFault.Lost(file.FilePath, change, _rescue.Name, known.Count);
    }

    // A submit that was about to begin never does.
    private IReadOnlyList<JournalEntry> WriteBeside(IReadOnlyList<JournalEntry> entries)
    {
        JournalFile.Write(_rescue!, JournalJson.ToLines(entries.SelectMany(
            entry => IsSubmit(entry) ? [entry, JournalEntry.FromUnsent(entry, _loss!)] : new[] { entry })));
        return [.. entries.Where(static entry => !IsSubmit(entry))];
    }

    private static bool IsSubmit(JournalEntry entry) => entry.Event == JournalEntry.Submitting;

    /// <summary>Lines that go to the disk with one write and one flush.</summary>
    private sealed class Batch
    {
        public List<JournalEntry> Entries { get; } = [];

        public List<byte> Lines { get; } = [];

        public TaskCompletionSource<bool> Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
