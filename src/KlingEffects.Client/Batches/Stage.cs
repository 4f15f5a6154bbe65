using System.Threading.Channels;

namespace KlingEffects.Batches;

/// <summary>
/// Concurrent work of one cmdlet. Workers leave records on any thread, and wait while there is no room; the pipeline's thread takes them,
/// and hands over what there is to do.
/// </summary>
internal abstract class Stage : IRunObserver, IDisposable
{
    private const int FewestRecords = 16;

    private readonly Channel<StageRecord> _records;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<bool> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _problems;

    /// <param name="throttleLimit">How much is worked on at once, and how many records find room: a slow consumer slows the work.</param>
    protected Stage(int throttleLimit)
    {
        _records = Channel.CreateBounded<StageRecord>(Math.Max(FewestRecords, throttleLimit));
        Stopping = _stop.Token;
    }

    /// <summary>Set when a record is there, room for an item is there, or all is done.</summary>
    public Signal Signal { get; } = new();

    public BatchProgress Progress { get; } = new();

    /// <summary>Output, failures and whatever else there is to tell, for one reader.</summary>
    public ChannelReader<StageRecord> Records => _records.Reader;

    /// <summary>Whether no record is there and none will come.</summary>
    public bool IsDone => _records.Reader.Completion.IsCompleted;

    /// <summary>Ends when no worker, timer or request of the stage is left.</summary>
    public Task Completion => _completion.Task;

    /// <summary>How many failures and defects were left.</summary>
    public int Problems => Volatile.Read(ref _problems);

    /// <summary>Cancelled when the pipeline has ended early.</summary>
    protected CancellationToken Stopping { get; }

    public abstract void Complete();

    /// <exception cref="OperationCanceledException">The pipeline has ended early.</exception>
    public async ValueTask WriteAsync(StageRecord record)
    {
        await _records.Writer.WriteAsync(record, Stopping).ConfigureAwait(false);
        Interlocked.Add(ref _problems, record is StageRecord.Failure or StageRecord.Defect ? 1 : 0);
        Signal.Set();
    }

    /// <summary>Leaves a record unless the pipeline has ended, so that nobody reads it: that cuts off nothing that goes on.</summary>
    public async ValueTask TryWriteAsync(StageRecord record)
    {
        try
        {
            await WriteAsync(record).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // whoever goes on writing notices the stop there
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

    /// <summary>Somebody looks at the progress: where the work can tell when it will have ended, it does so a moment later.</summary>
    public virtual void Foresee()
    {
    }

    /// <summary>Cancels what is under way, if anything is; <see cref="Completion"/> ends when nothing of it runs any more.</summary>
    public virtual void Cancel()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // a signal of the system may come when all is over
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        Signal.Dispose();
    }

    /// <summary>Completes the stage, whatever the ending of its work throws: no record will come any more but that of what it failed by.
    /// </summary>
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
    /// <summary>Hands an item over; false while the stage has as much as it can hold.</summary>
    public abstract bool TryAdd(TItem item);
}
