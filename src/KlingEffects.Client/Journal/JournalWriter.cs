namespace KlingEffects.Journal;

/// <summary>Writes lines so that each call ends with its line on the disk; lines that come during one flush share the next.</summary>
/// <param name="file">The journal, at its end.</param>
/// <param name="path">Its path.</param>
/// <param name="guard">Tells whether the file is this process's still; null where nothing does.</param>
/// <param name="header">The file's first line.</param>
/// <param name="jobs">Told of the entries of each flush, in the order of the file, before their calls end.</param>
/// <param name="time">The clock.</param>
internal sealed class JournalWriter(
    FileStream file, string path, JournalGuard? guard, JournalHeader header, LiveJobs jobs, TimeProvider time) : IDisposable
{
    private readonly object _queueGate = new();
    private readonly object _fileGate = new();
    private readonly JournalSeal _seal = new(file, path);
    private Batch _queue = new();
    private JournalRescue? _rescue;
    private bool _isDraining;
    private bool _isClosed;
    private KlingException? _failure;
    private KlingException? _loss;
    private bool _hasReadBack;

    /// <summary>Why nothing more is submitted, though what becomes of the jobs is still written beside the journal; or null.</summary>
    public KlingException? Loss => Volatile.Read(ref _loss);

    /// <summary>Queues the entry; the task ends when the disk has it.</summary>
    /// <exception cref="KlingException">JournalInvalid: a line could not be written. InvalidRequest: it is too long.</exception>
    public Task AppendAsync(JournalEntry entry)
    {
        byte[] line = JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Entry);
        if (line.Length >= LineReader.Longest)
        {
            throw new KlingException(KlingErrorId.InvalidRequest, "The job is too long to be written to a journal.") { Target = entry.Job };
        }

        lock (_queueGate)
        {
            ThrowIf(_failure);
            _queue.Add(entry, line);
            if (!_isDraining)
            {
                _isDraining = true;
                _ = Task.Run(Drain);
            }

            return _queue.Written;
        }
    }

    /// <exception cref="ObjectDisposedException">The journal is closed.</exception>
    public void ThrowIfClosed()
    {
        lock (_queueGate)
        {
            ThrowIf(null);
        }
    }

    /// <exception cref="ObjectDisposedException">The journal is closed.</exception>
    /// <exception cref="KlingException">JournalInvalid or JournalLocked: no job may be submitted with it any more.</exception>
    public void ThrowIfUnusable()
    {
        lock (_queueGate)
        {
            ThrowIf(_failure ?? _loss);
        }
    }

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
            throw _isClosed ? new ObjectDisposedException(nameof(JobJournal)) : failure!.WithSubject(path);
        }
    }

    private void Drain()
    {
        lock (_fileGate)
        {
            while (Next() is { } batch)
            {
                Write(batch);
            }
        }
    }

    private Batch? Next()
    {
        lock (_queueGate)
        {
            Batch next = _queue;
            _isDraining = next.Entries.Count > 0;
            if (!_isDraining)
            {
                return null;
            }

            _queue = new Batch();
            return next;
        }
    }

    private void Write(Batch batch)
    {
        try
        {
            jobs.Apply(_rescue is null && WasWrittenHere(batch) ? batch.Entries : WriteBeside(batch));
            batch.Succeed();
        }
        catch (Exception cause)
        {
            Fail(batch, cause as KlingException ?? JournalFault.Unwritten(path, cause));
        }
    }

    // Another's lines must not be written over, nor what it submitted be submitted again: false where the journal is ours no more.
    private bool WasWrittenHere(Batch batch)
    {
        string? change = guard is { IsMine: false } ? _seal.Look(isThorough: true) ?? (guard.TryRetake() ? null : JournalFault.Taken)
            : _seal.IsUntouched(file) && batch.Entries.Count > 0 ? null
            : _seal.Look(isThorough: true);
        if (change is null && batch.Entries.Count > 0)
        {
            byte[] bytes = batch.ToBytes();
            file.Position = _seal.End;
            file.Write(bytes, 0, bytes.Length);
            file.Flush(flushToDisk: true);
            _seal.Advance(bytes);
            change = _seal.Look(isThorough: false);
            if (change == JournalSeal.Changed && !_hasReadBack && file.Length == _seal.End)
            {
                throw JournalFault.NotHeld(path);
            }

            _hasReadBack = true;
        }

        if (change is not null)
        {
            Rescue(change);
        }

        return change is null;
    }

    private void Rescue(string change)
    {
        IReadOnlyList<KlingJob> known = jobs.Copy();
        try
        {
            _rescue = JournalRescue.Make(path, header, known, time.GetUtcNow());
        }
        catch (Exception fault) when (JournalFile.IsOfTheFile(fault))
        {
            throw JournalFault.Lost(path, change, null, known.Count);
        }

        Volatile.Write(ref _loss, JournalFault.Lost(path, change, _rescue.FilePath, known.Count));
    }

    // A submit that was about to begin never does.
    private JournalEntry[] WriteBeside(Batch batch)
    {
        JournalEntry[] answers = [.. batch.Entries.Where(static entry => entry.Event != JournalEntry.Submitting)];
        _rescue!.Write(batch.Entries.SelectMany(
            entry => entry.Event == JournalEntry.Submitting ? [entry, JournalEntry.FromUnsent(entry, _loss!)] : new[] { entry }));
        return answers;
    }

    private void Fail(Batch batch, KlingException failure)
    {
        Batch late;
        lock (_queueGate)
        {
            _failure = failure;
            late = _queue;
            _queue = new Batch();
        }

        batch.Fail(failure);
        late.Fail(failure);
    }

    /// <summary>Lines that go to the disk with one write and one flush.</summary>
    private sealed class Batch
    {
        private readonly TaskCompletionSource<bool> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<byte> _lines = [];

        public List<JournalEntry> Entries { get; } = [];

        public Task Written => _written.Task;

        public void Add(JournalEntry entry, byte[] line)
        {
            Entries.Add(entry);
            _lines.AddRange(line);
            _lines.Add((byte)'\n');
        }

        public byte[] ToBytes() => [.. _lines];

        public void Succeed() => _written.SetResult(true);

        public void Fail(KlingException failure) => _written.SetException(failure);
    }
}
