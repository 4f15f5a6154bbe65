using System.Text.Json;

namespace KlingEffects.Journal;

/// <summary>Writes lines so that each call ends with its line on the disk; lines that come during one flush share the next.</summary>
/// <param name="file">The journal, at its end.</param>
/// <param name="path">Its path.</param>
/// <param name="guard">Tells whether the file is this process's still; null where nothing does.</param>
/// <param name="written">Told of the entries of each flush, in the order of the file, before their calls end.</param>
internal sealed class JournalWriter(FileStream file, string path, JournalGuard? guard, Action<IReadOnlyList<JournalEntry>> written) : IDisposable
{
    private readonly object _queueGate = new();
    private readonly object _fileGate = new();
    private JournalBatch _queue = new();
    private bool _isDraining;
    private bool _isClosed;
    private KlingException? _failure;
    private long _end = file.Position;
    private bool _hasReadBack;

    /// <summary>Queues the entry; the task ends when the disk has it.</summary>
    /// <exception cref="KlingException">JournalInvalid: this or an earlier line could not be written. InvalidRequest: the line is too long.</exception>
    public Task AppendAsync(JournalEntry entry)
    {
        byte[] line = JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Entry);
        if (line.Length >= LineReader.Longest)
        {
            throw new KlingException(KlingErrorId.InvalidRequest, "The job is too long to be written to a journal.") { Target = entry.Job };
        }

        lock (_queueGate)
        {
            ThrowIfUnusable();
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
            if (_isClosed)
            {
                throw Closed();
            }
        }
    }

    /// <exception cref="ObjectDisposedException">The journal is closed.</exception>
    /// <exception cref="KlingException">JournalInvalid: an earlier line could not be written.</exception>
    public void ThrowIfUnusable()
    {
        lock (_queueGate)
        {
            ThrowIfClosed();
            if (_failure is { } failure)
            {
                throw failure.About(path);
            }
        }
    }

    /// <summary>Writes what is queued and gives the file back.</summary>
    public void Dispose()
    {
        lock (_queueGate)
        {
            _isClosed = true;
        }

        Drain();
        file.Dispose();
    }

    private static ObjectDisposedException Closed() => new(nameof(JobJournal));

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

    private JournalBatch? Next()
    {
        lock (_queueGate)
        {
            JournalBatch next = _queue;
            _isDraining = next.Entries.Count > 0;
            if (!_isDraining)
            {
                return null;
            }

            _queue = new JournalBatch();
            return next;
        }
    }

    private void Write(JournalBatch batch)
    {
        try
        {
            ThrowIfLost();
            ThrowIfChanged();
            byte[] bytes = batch.ToBytes();
            file.Write(bytes, 0, bytes.Length);
            file.Flush(flushToDisk: true);
            long begin = _end;
            _end += bytes.Length;
            ThrowIfChanged();
            ReadBackOnce(begin, bytes);
        }
        catch (Exception cause)
        {
            Fail(batch, cause as KlingException ?? JournalFault.Unwritten(path, cause));
            return;
        }

        written(batch.Entries);
        batch.Succeed();
    }

    // Where nothing locks, another may have written: its lines must not be written over, nor what it submitted be submitted again.
    private void ThrowIfLost()
    {
        if (guard is { IsMine: false })
        {
            throw JournalFault.Lost(path);
        }
    }

    private void ThrowIfChanged()
    {
        if (file.Length != _end)
        {
            throw JournalFault.Lost(path);
        }
    }

    private void ReadBackOnce(long begin, byte[] bytes)
    {
        if (!_hasReadBack && !JournalFile.Holds(path, begin, bytes))
        {
            throw JournalFault.NotHeld(path);
        }

        _hasReadBack = true;
    }

    private void Fail(JournalBatch batch, KlingException failure)
    {
        JournalBatch late;
        lock (_queueGate)
        {
            _failure = failure;
            late = _queue;
            _queue = new JournalBatch();
        }

        batch.Fail(failure);
        late.Fail(failure);
    }
}
