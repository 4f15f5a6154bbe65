using KlingEffects.Samples;

namespace KlingEffects.LibraryUse;

/// <summary>The jobs of the quick start through the client library: what a .NET program of its own would do.</summary>
internal sealed class LibraryRun(KlingClient client, Workplace place)
{
    private readonly VideoSaver _saver = new();

    /// <summary>Makes all videos at once; false if one could not be made.</summary>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        using JobJournal journal = JobJournal.Open(place.Journal, TimeProvider.System);
        bool[] made = await Task.WhenAll(Jobs().Select(job => TryMakeAsync(job, journal, stop)));
        return made.All(static well => well);
    }

    private IEnumerable<EffectJob> Jobs()
    {
        yield return Job("hug_pro", ["./ana.png", "./ben.png"], duration: "");
        foreach (string line in File.ReadLines(place.Table).Skip(1))
        {
            string[] cells = line.Split(',');
            yield return Job(cells[0], cells[1..3], cells[3]);
        }
    }

    private EffectJob Job(string scene, string[] images, string duration) => new()
    {
        Scene = scene,
        Images = [.. images.Where(static image => image.Length > 0).Select(image => ImageSource.Parse(image, place.PathOf))],
        Duration = int.TryParse(duration, out int seconds) ? seconds : 5,
    };

    // One job's failure is its own: the others go on.
    private async Task<bool> TryMakeAsync(EffectJob job, JobJournal journal, CancellationToken stop)
    {
        try
        {
            await MakeAsync(job, journal, stop);
            return true;
        }
        catch (KlingException failure)
        {
            await Console.Error.WriteLineAsync($"{failure.ErrorId}: {failure.Message} {failure.RecommendedAction}");
            return false;
        }
    }

    private async Task MakeAsync(EffectJob job, JobJournal journal, CancellationToken stop)
    {
        KlingTask task = await client.SubmitAsync(job, journal, Console.WriteLine, stop);
        KlingTask ended = await client.WaitAsync(task, TimeSpan.FromHours(1), Console.WriteLine, stop);
        IReadOnlyList<string> names = VideoNameTemplate.Default.Names(ended, 1);
        foreach ((KlingVideo video, string name) in ended.Videos.Zip(names))
        {
            SaveRequest request = new() { Task = ended, Video = video, Path = Path.Combine(place.Videos, name) };
            SavedVideo file = await _saver.SaveAsync(request, stop);
            Console.WriteLine($"{task.TaskId} {(file.WasThere ? "was there" : "saved")}: {file.Path}");
        }
    }
}
