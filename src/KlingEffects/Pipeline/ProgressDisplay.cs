using KlingEffects.Batches;
using KlingEffects.Policies;

namespace KlingEffects.Pipeline;

/// <summary>
/// One line for the batch and a few for what is under way: at most once a second, and only for work that takes one. Once a minute the same
/// numbers are a verbose line, which reads well where no bar is drawn.
/// </summary>
internal sealed class ProgressDisplay(
    PSCmdlet cmdlet, SafeText activity, Stage stage, Action<SafeText> writeVerbose, Action<ProgressRecord> draw, TimeProvider time)
{
    private const int MostChildren = 4;

    private static int s_lastId = 29000;

    private readonly int _id = Interlocked.Add(ref s_lastId, MostChildren + 1);
    private readonly long _begun = time.GetTimestamp();
    private readonly Throughput _throughput = new(stage.Progress, time);
    private TimeSpan _shownAt;
    private TimeSpan _summedUpAt;
    private int _children;
    private bool _shown;

    /// <summary>Whether an interval has passed since the start or the last time.</summary>
    public bool IsDue => Elapsed - _shownAt >= Policy.ProgressInterval;

    // A clock that is set changes nothing of it.
    private TimeSpan Elapsed => time.GetElapsedTime(_begun);

    public void ShowIfDue()
    {
        if (!IsDue)
        {
            return;
        }

        _shownAt = Elapsed;
        _shown = true;
        BatchSnapshot snapshot = new(stage.Progress, _throughput.Left());
        stage.Foresee();
        draw(Batch(snapshot));
        SumUpIfDue(snapshot);
        int child = 0;
        foreach (RunningItem item in stage.Progress.Running.Take(MostChildren))
        {
            draw(Child(++child, item));
        }

        for (int gone = child + 1; gone <= _children; gone++)
        {
            draw(Ended(_id + gone));
        }

        _children = child;
    }

    /// <summary>Takes the lines away at the end of the work.</summary>
    public void Complete() => TakeAway(draw);

    /// <summary>Takes the lines away where the pipeline has ended early and the cmdlet may not write any more.</summary>
    public void Abandon() => TakeAway(record => cmdlet.Host?.UI?.WriteProgress(_id, record));

    private void TakeAway(Action<ProgressRecord> write)
    {
        if (!_shown)
        {
            return;
        }

        for (int child = 0; child <= _children; child++)
        {
            write(Ended(_id + child));
        }

        _shown = false;
    }

    private ProgressRecord Ended(int id)
    {
        ProgressRecord record = Streams.Progress(id, activity, "Done");
        record.RecordType = ProgressRecordType.Completed;
        return record;
    }

    private void SumUpIfDue(BatchSnapshot snapshot)
    {
        if (_shownAt - _summedUpAt < Policy.SummaryInterval)
        {
            return;
        }

        _summedUpAt = _shownAt;
        if (stage.Progress.Open > 0)
        {
            writeVerbose(snapshot.Summary(activity, _shownAt));
        }
    }

    private ProgressRecord Batch(BatchSnapshot snapshot)
    {
        ProgressRecord record = Streams.Progress(_id, activity, $"{snapshot.Status}");
        record.PercentComplete = snapshot.Percent;
        record.SecondsRemaining = snapshot.Left is { } left ? (int)Math.Min(int.MaxValue, Math.Ceiling(left.TotalSeconds)) : -1;
        return record;
    }

    private ProgressRecord Child(int child, RunningItem item)
    {
        long received = item.Download.Received;
        long total = item.Download.Total;
        SafeText done = total > 0 ? (SafeText)$"{ByteSize.Describe(received)} of {ByteSize.Describe(total)}" : $"{ByteSize.Describe(received)}";
        ProgressRecord record = Streams.Progress(_id + child, $"{item.Name}", item.Download.WaitingFor is { } why ? $"{done}; {why}" : done);
        record.ParentActivityId = _id;
        record.PercentComplete = total > 0 ? (int)Math.Min(100, 100 * received / total) : -1;
        return record;
    }
}
