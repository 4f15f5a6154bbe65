using System.Collections.Concurrent;

namespace KlingEffects.Batches;

/// <summary>What a batch has done and what is under way. Written by workers, read by the pipeline thread.</summary>
internal sealed class BatchProgress
{
    private readonly ConcurrentDictionary<object, RunningItem> _running = new();
    private long _added;
    private long _done;
    private long _failed;
    private long _bytes;

    public long Added => Volatile.Read(ref _added);

    /// <summary>Items that came to an end, well or not.</summary>
    public long Done => Volatile.Read(ref _done);

    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Bytes of the items under way and of those that ended.</summary>
    public long Bytes => Volatile.Read(ref _bytes) + _running.Values.Sum(static item => item.Download.Received);

    /// <summary>What is under way, in no order.</summary>
    public IEnumerable<RunningItem> Running => _running.Values;

    public void Add() => Interlocked.Increment(ref _added);

    public void Finish(bool failed)
    {
        Interlocked.Increment(ref _done);
        if (failed)
        {
            Interlocked.Increment(ref _failed);
        }
    }

    public void Begin(object item, string name, DownloadProgress download) => _running[item] = new RunningItem(name, download);

    public void End(object item)
    {
        if (_running.TryRemove(item, out RunningItem? ended))
        {
            Interlocked.Add(ref _bytes, ended.Download.Received);
        }
    }
}

/// <summary>A download that is under way.</summary>
internal sealed record RunningItem(string Name, DownloadProgress Download);
