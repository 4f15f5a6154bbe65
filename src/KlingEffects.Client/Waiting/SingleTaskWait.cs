using KlingEffects.Api;
using KlingEffects.Batches;

namespace KlingEffects.Waiting;

/// <summary>A wait for one task without a pipeline, by the rules of a batch.</summary>
internal static class SingleTaskWait
{
    /// <summary>The task once it has ended with a video; every other end is thrown.</summary>
    public static async Task<KlingTask> RunAsync(
        ApiClient api, KlingTask task, WaitOptions options, Action<RunEvent>? tell, CancellationToken cancellationToken)
    {
        using TaskWaiter waiter = TaskWaiter.Start(api, options);
        using CancellationTokenRegistration stopping = cancellationToken.Register(waiter.Cancel);
        waiter.TryAdd(task.Restart());
        waiter.Complete();
        KlingTask? ended = null;
        Exception? failure = null;
        try
        {
            while (await waiter.WhenRecordsAsync().ConfigureAwait(false))
            {
                while (waiter.TryTake(out StageRecord record))
                {
                    ended = (record as StageRecord.Output)?.Value as KlingTask ?? ended;
                    failure = (record as StageRecord.Failure)?.Error ?? (record as StageRecord.Defect)?.Error ?? failure;
                    if (record is StageRecord.Reported { What: var what })
                    {
                        tell?.Invoke(what);
                    }
                }
            }
        }
        finally
        {
            waiter.Cancel();
            await waiter.Completion.ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return failure is null ? ended! : throw failure;
    }
}
