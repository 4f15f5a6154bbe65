using System.Diagnostics;
using System.Management.Automation;
using KlingEffects.Batches;
using KlingEffects.Policies;

namespace KlingEffects.Pipeline;

/// <summary>One line for the batch and a few for what is under way: at most once a second, and only for work that takes one.</summary>
internal sealed class ProgressDisplay(PSCmdlet cmdlet, string activity, BatchProgress progress)
{
    private const int MostChildren = 4;

    private static int s_lastId = 29000;

    private readonly int _id = Interlocked.Add(ref s_lastId, MostChildren + 1);
    private readonly Stopwatch _sinceShown = Stopwatch.StartNew();
    private int _children;
    private bool _shown;

    /// <summary>Whether an interval has passed since the start or the last time.</summary>
    public bool IsDue => _sinceShown.Elapsed >= Policy.ProgressInterval;

    public void ShowIfDue()
    {
        if (!IsDue)
        {
            return;
        }

        _sinceShown.Restart();
        _shown = true;
        cmdlet.WriteProgress(Batch());
        int child = 0;
        foreach (RunningItem item in progress.Running.Take(MostChildren))
        {
            cmdlet.WriteProgress(Child(++child, item));
        }

        for (int gone = child + 1; gone <= _children; gone++)
        {
            cmdlet.WriteProgress(Ended(_id + gone));
        }

        _children = child;
    }

    /// <summary>Takes the lines away at the end of the work.</summary>
    public void Complete() => TakeAway(cmdlet.WriteProgress);

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

    private ProgressRecord Ended(int id) => new(id, activity, "Done") { RecordType = ProgressRecordType.Completed };

    private ProgressRecord Batch()
    {
        string failed = progress.Failed > 0 ? $", {progress.Failed} failed" : "";
        string bytes = progress.Bytes > 0 ? $", {ByteSize.Describe(progress.Bytes)}" : "";
        long added = Math.Max(1, progress.Added);
        return new ProgressRecord(_id, activity, $"{progress.Done} of {progress.Added}{failed}{bytes}")
        {
            PercentComplete = (int)Math.Min(100, 100 * progress.Done / added),
        };
    }

    private ProgressRecord Child(int child, RunningItem item)
    {
        long received = item.Download.Received;
        long total = item.Download.Total;
        return new(_id + child, item.Name, total > 0 ? $"{ByteSize.Describe(received)} of {ByteSize.Describe(total)}" : ByteSize.Describe(received))
        {
            ParentActivityId = _id,
            PercentComplete = total > 0 ? (int)Math.Min(100, 100 * received / total) : -1,
        };
    }
}
