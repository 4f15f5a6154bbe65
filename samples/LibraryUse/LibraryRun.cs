using KlingEffects.Samples;

namespace KlingEffects.LibraryUse;

/// <summary>The jobs of the quick start through the client library: what a .NET program of its own would do.</summary>
internal sealed class LibraryRun(KlingClient client, Workplace place)
{
    /// <summary>Makes one video step by step, then those of a table as a batch; false if one could not be made.</summary>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        bool isMade = await TryMakeAsync(stop);
        KlingBatchOptions options = new() { StatePath = place.Folder, Destination = place.Videos, ResolvePath = place.PathOf };
        KlingBatchResult batch = await client.RunBatchAsync(place.Table, options, tell: Console.WriteLine, cancellationToken: stop);
        foreach (KlingJob job in batch.Jobs)
        {
            Console.WriteLine($"{job}: {job.State} {string.Join(", ", job.Files)}{job.Message}");
        }

        return isMade && batch.Problems == 0;
    }

    private async Task<bool> TryMakeAsync(CancellationToken stop)
    {
        EffectJob job = new()
        {
            Scene = "hug_pro",
            Images = [ImageSource.Parse("./ana.png", place.PathOf), ImageSource.Parse("./ben.png", place.PathOf)],
        };
        try
        {
            await MakeAsync(job, stop);
            return true;
        }
        catch (KlingException failure)
        {
            await Console.Error.WriteLineAsync($"{failure.ErrorId}: {failure.Message} {failure.RecommendedAction}");
            return false;
        }
    }

    private async Task MakeAsync(EffectJob job, CancellationToken stop)
    {
        using JobJournal journal = JobJournal.Open(place.Journal, TimeProvider.System);
        KlingTask task = await client.SubmitAsync(job, journal, Console.WriteLine, stop);
        KlingTask ended = await client.WaitAsync(task, TimeSpan.FromHours(1), Console.WriteLine, stop);
        foreach (string file in await client.SaveAsync(ended, place.Videos, cancellationToken: stop))
        {
            Console.WriteLine($"{task.TaskId} saved: {file}");
        }
    }
}
