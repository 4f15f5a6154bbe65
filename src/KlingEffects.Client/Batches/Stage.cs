namespace KlingEffects.Batches;

/// <summary>Concurrent work of one cmdlet: workers write records, the pipeline's thread reads them and adds items.</summary>
internal abstract class Stage : IRunObserver, IDisposable
{
    private const int FewestRecords = 16;

    private readonly Channel<StageRecord> _records;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<bool> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _problems;

    /// <param name="throttleLimit">The concurrency, and the channel's capacity: a slow consumer slows the work.</param>
    protected Stage(int throttleLimit)
    {
        _records = Channel.CreateBounded<StageRecord>(Math.Max(FewestRecords, throttleLimit));
        Stopping = _stop.Token;
    }

    /// <summary>Set when a record is ready, an item can be added, or all is done.</summary>
    public Signal Signal { get; } = new();

    public BatchProgress Progress { get; } = new();
    public ChannelReader<StageRecord> Records => _records.Reader;
    public bool IsDone => _records.Reader.Completion.IsCompleted;

    /// <summary>Completes when no worker, timer or request of the stage is left.</summary>
    public Task Completion => _completion.Task;

    public int Problems => Volatile.Read(ref _problems);

    /// <summary>Cancelled when the pipeline has ended early.</summary>
    public CancellationToken Stopping { get; }

    public abstract void Complete();

    public async ValueTask WriteAsync(StageRecord record)
    {
        await _records.Writer.WriteAsync(record, Stopping).ConfigureAwait(false);
        Interlocked.Add(ref _problems, record is StageRecord.Failure or StageRecord.Defect ? 1 : 0);
        Signal.Set();
    }

    /// <summary>Writes a record, or drops it if the pipeline has ended.</summary>
    public async ValueTask TryWriteAsync(StageRecord record)
    {
        try
        {
            await WriteAsync(record).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // the caller notices the stop elsewhere
        }
    }

    /// <summary>Reads all records for a program, whose callback may throw; completes when nothing of the stage is left.</summary>
    public async Task ReadAllAsync(Action<StageRecord> take)
    {
        try
        {
            await foreach (StageRecord record in Records.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                take(record);
            }
        }
        finally
        {
            Cancel();
            await Completion.ConfigureAwait(false);
        }
    }

    public ValueTask ReportAsync(RunEvent what)
    {
        Progress.Observe(what);
        return WriteAsync(new StageRecord.Reported(what));
    }

    public ValueTask WarnAsync(SafeText text) => TryWriteAsync(new StageRecord.Caution(text));

    /// <summary>Asks whether something may be done, as ShouldProcess does.</summary>
    public async Task<bool> AskAsync(SafeText target, SafeText action)
    {
        TaskCompletionSource<bool> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration end = Stopping.Register(() => answer.TrySetCanceled());
        await WriteAsync(new StageRecord.Question(target, action, answer)).ConfigureAwait(false);
        return await answer.Task.ConfigureAwait(false);
    }

    /// <summary>The progress is about to be shown: the stage may update its forecast, asynchronously.</summary>
    public virtual void Foresee()
    {
    }

    /// <summary>Cancels the work; <see cref="Completion"/> completes when nothing of it runs any more.</summary>
    public virtual void Cancel()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // a system signal may come after the end
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        Signal.Dispose();
    }

    /// <summary>Completes the stage even if the ending throws, which becomes the last record.</summary>
    protected async Task FinishAsync(Exception? fault, Func<Task> ending)
    {
        try
        {
            await ending().ConfigureAwait(false);
        }
        catch (Exception thrown)
        {
            fault ??= thrown;
        }

        if (fault is not null)
        {
            await TryWriteAsync(StageRecord.From(fault)).ConfigureAwait(false);
        }

        _records.Writer.TryComplete();
        Signal.Set();
        _completion.TrySetResult(true);
    }
}

/// <inheritdoc cref="Stage"/>
internal abstract class Stage<TItem>(int throttleLimit) : Stage(throttleLimit)
{
    public abstract bool TryAdd(TItem item);
}
