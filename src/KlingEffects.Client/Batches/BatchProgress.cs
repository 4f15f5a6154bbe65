namespace KlingEffects.Batches;

/// <summary>What a batch has done and what is under way. Written by workers, read by the pipeline thread.</summary>
internal sealed class BatchProgress
{
    private readonly ConcurrentDictionary<DownloadProgress, DownloadProgress> _running = new();
    private long _added;
    private long _done;
    private long _failed;
    private long _processing;
    private long _bytes;
    private object? _endsAt;

    /// <summary>The verb for finished items; null if the items are tasks that are waited for.</summary>
    public string? DoneWord { get; set; }

    public BatchProgress? Upstream { get; set; }

    /// <summary>Why jobs wait to be submitted, or null.</summary>
    public KlingException? HeldBy { get; private set; }

    /// <summary>The pause that the server asks for, or null.</summary>
    public RunEvent.PollsHeld? Quiet { get; private set; }

    /// <summary>The forecast of the end, from timestamp 0 of the clock; null if unknown.</summary>
    public TimeSpan? EndsAt { get => Volatile.Read(ref _endsAt) as TimeSpan?; set => Volatile.Write(ref _endsAt, value); }

    public long Added => Volatile.Read(ref _added);
    public long Done => Volatile.Read(ref _done);
    public long Open => Math.Max(0, Added - Done);
    public long Failed => Volatile.Read(ref _failed);
    public long Processing => Volatile.Read(ref _processing);
    public long Bytes => Volatile.Read(ref _bytes) + Running.Sum(static download => download.Received);
    public IEnumerable<DownloadProgress> Running => _running.Values;

    public void Add() => Interlocked.Increment(ref _added);

    public void Observe(RunEvent what)
    {
        if (what is RunEvent.SubmitsHeld or RunEvent.SubmitsTaken)
        {
            HeldBy = (what as RunEvent.SubmitsHeld)?.Why;
        }

        if (what is RunEvent.PollsHeld or RunEvent.PollsAnswered or RunEvent.Polled or RunEvent.Ended)
        {
            Quiet = what as RunEvent.PollsHeld;
        }

        Interlocked.Add(ref _processing, what switch
        {
            RunEvent.Polled polled => Weight(polled.Task.Status) - Weight(polled.Before),
            RunEvent.Ended ended => -Weight(ended.Before),
            RunEvent.GivenUp givenUp => -Weight(givenUp.Task.Status),
            _ => 0,
        });
    }

    public void Finish(bool failed)
    {
        Interlocked.Increment(ref _done);
        Interlocked.Add(ref _failed, failed ? 1 : 0);
    }

    public void Begin(DownloadProgress download) => _running[download] = download;

    public void End(DownloadProgress download)
    {
        _running.TryRemove(download, out _);
        Interlocked.Add(ref _bytes, download.Received);
    }

    private static int Weight(KlingTaskStatus status) => status == KlingTaskStatus.Processing ? 1 : 0;
}
