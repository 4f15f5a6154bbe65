namespace KlingEffects.Emulator.Recording;

/// <summary>Counts what goes over the wire.</summary>
internal sealed class Traffic
{
    private readonly Gauge _all = new();
    private readonly Gauge _submits = new();
    private readonly Gauge _queries = new();
    private readonly Gauge _lists = new();
    private readonly Gauge _downloads = new();
    private long _accepted;
    private long _videoBytes;

    public void Enter(Operation operation)
    {
        _all.Enter();
        Of(operation)?.Enter();
    }

    public void Leave(Operation operation)
    {
        Of(operation)?.Leave();
        _all.Leave();
    }

    public void Accepted() => Interlocked.Increment(ref _accepted);

    public void VideoBytes(long count) => Interlocked.Add(ref _videoBytes, count);

    public void Reset()
    {
        foreach (Gauge gauge in (ReadOnlySpan<Gauge>)[_all, _submits, _queries, _lists, _downloads])
        {
            gauge.Reset();
        }

        Interlocked.Exchange(ref _accepted, 0);
        Interlocked.Exchange(ref _videoBytes, 0);
    }

    public EmulatorCounters Read(int activeTasks, int activeTasksMaximum) => new()
    {
        Submits = _submits.Total,
        AcceptedSubmits = Interlocked.Read(ref _accepted),
        Queries = _queries.Total,
        Lists = _lists.Total,
        Downloads = _downloads.Total,
        VideoBytes = Interlocked.Read(ref _videoBytes),
        InFlight = _all.Current,
        InFlightMaximum = _all.Maximum,
        SubmitsInFlightMaximum = _submits.Maximum,
        QueriesInFlightMaximum = _queries.Maximum,
        DownloadsInFlightMaximum = _downloads.Maximum,
        ActiveTasks = activeTasks,
        ActiveTasksMaximum = activeTasksMaximum,
    };

    private Gauge? Of(Operation operation) => operation switch
    {
        Operation.Submit => _submits,
        Operation.Query => _queries,
        Operation.List => _lists,
        Operation.Video => _downloads,
        _ => null,
    };
}
