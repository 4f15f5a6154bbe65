using System.Threading.Channels;

namespace KlingEffects.Batches;

/// <summary>Who is told of a run. Called on any thread; may make the teller wait.</summary>
internal interface IRunObserver
{
    ValueTask ReportAsync(RunEvent what);

    /// <summary>The user should know of something although the work goes on.</summary>
    ValueTask WarnAsync(SafeText text);
}

/// <summary>Where workers leave their records; waits while there is no room.</summary>
internal sealed class StageWriter(
    ChannelWriter<StageRecord> records, Signal signal, BatchProgress progress, CancellationToken stop) : IRunObserver
{
    public BatchProgress Progress => progress;

    /// <exception cref="OperationCanceledException">The pipeline has ended early.</exception>
    public async ValueTask WriteAsync(StageRecord record)
    {
        await records.WriteAsync(record, stop).ConfigureAwait(false);
        signal.Set();
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
        progress.Observe(what);
        return WriteAsync(new StageRecord.Reported(what));
    }

    public ValueTask WarnAsync(SafeText text) => TryWriteAsync(new StageRecord.Caution(text));

    /// <summary>Asks whether something may be done, as ShouldProcess does.</summary>
    public async Task<bool> AskAsync(SafeText target, SafeText action)
    {
        TaskCompletionSource<bool> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration end = stop.Register(() => answer.TrySetCanceled());
        await WriteAsync(new StageRecord.Question(target, action, answer)).ConfigureAwait(false);
        return await answer.Task.ConfigureAwait(false);
    }
}
