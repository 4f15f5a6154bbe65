namespace KlingEffects.Pipeline;

/// <summary>Shows the batch and a few downloads at most once a second, and once a minute as a verbose line.</summary>
internal sealed class ProgressDisplay(KlingCommand command, SafeText activity, Stage stage, TimeProvider time)
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

    public bool IsDue => Elapsed - _shownAt >= Policy.ProgressInterval;
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
        command.Show(Batch(snapshot));
        if (_shownAt - _summedUpAt >= Policy.SummaryInterval)
        {
            _summedUpAt = _shownAt;
            if (stage.Progress.Open > 0)
            {
                command.Report(snapshot.Summary(activity, _shownAt));
            }
        }

        int child = 0;
        foreach (DownloadProgress download in stage.Progress.Running.Take(MostChildren))
        {
            command.Show(Child(++child, download));
        }

        for (int gone = child + 1; gone <= _children; gone++)
        {
            command.Show(Streams.ProgressDone(_id + gone, activity));
        }

        _children = child;
    }

    public void Complete() => TakeAway(command.Show);

    /// <summary>Removes the display after the pipeline has ended early, when the cmdlet may not write any more.</summary>
    public void Abandon() => TakeAway(record => command.Host?.UI?.WriteProgress(_id, record));

    private void TakeAway(Action<ProgressRecord> write)
    {
        for (int child = 0; _shown && child <= _children; child++)
        {
            write(Streams.ProgressDone(_id + child, activity));
        }

        _shown = false;
    }

    private ProgressRecord Batch(BatchSnapshot snapshot)
    {
        ProgressRecord record = Streams.Progress(_id, activity, $"{snapshot.Status}");
        record.PercentComplete = snapshot.Percent;
        record.SecondsRemaining = snapshot.Left is { } left ? (int)Math.Min(int.MaxValue, Math.Ceiling(left.TotalSeconds)) : -1;
        return record;
    }

    private ProgressRecord Child(int child, DownloadProgress download)
    {
        (long received, long total) = (download.Received, download.Total);
        string all = total > 0 ? $" of {ByteSize.Describe(total)}" : "";
        string wait = download.WaitingFor is { } why ? $"; {why}" : "";
        ProgressRecord record = Streams.Progress(_id + child, $"{download.Name}", $"{ByteSize.Describe(received)}{all}{wait}");
        record.ParentActivityId = _id;
        record.PercentComplete = total > 0 ? (int)Math.Min(100, 100 * received / total) : -1;
        return record;
    }
}
