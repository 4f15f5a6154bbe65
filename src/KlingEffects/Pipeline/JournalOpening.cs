using System.Collections.Concurrent;

namespace KlingEffects.Pipeline;

/// <summary>Opens a command's journal on the pipeline's thread, which says what is waited for and can be stopped meanwhile.</summary>
internal sealed class JournalOpening : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <exception cref="KlingException">JournalLocked or JournalInvalid.</exception>
    /// <exception cref="PipelineStoppedException">It was stopped.</exception>
    public JobJournal Open(PSCmdlet cmdlet, string path, TimeProvider time)
    {
        using BlockingCollection<string> waits = [];
        Task<JobJournal> opening = JobJournal.OpenAsync(path, time, waits.Add, _stop.Token);
        _ = opening.ContinueWith(_ => waits.CompleteAdding(), TaskScheduler.Default);
        try
        {
            foreach (string wait in waits.GetConsumingEnumerable())
            {
                cmdlet.WriteCaution($"{wait}");
            }

            return opening.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        catch when (!opening.IsCompleted)
        {
            Stop();
            _ = opening.ContinueWith(static opened => opened.Result.Dispose(), TaskContinuationOptions.OnlyOnRanToCompletion);
            throw;
        }
    }

    public void Stop() => _stop.Cancel();

    public void Dispose() => _stop.Dispose();
}
