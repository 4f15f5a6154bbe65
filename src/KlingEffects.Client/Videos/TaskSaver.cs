using KlingEffects.Batches;
using KlingEffects.Waiting;

namespace KlingEffects.Videos;

/// <summary>One saved video of one task.</summary>
internal sealed record SavedTaskVideo(KlingTask Task, KlingVideo Video, SavedVideo File);

/// <summary>Saves all videos of a task under the names of its batch.</summary>
internal sealed class TaskSaver(KlingClient client, NameRegistry names, string folder, bool force)
{
    private static readonly TimeSpan UrlGrace = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan UrlPause = TimeSpan.FromSeconds(5);

    private readonly VideoSaver _saver = new(client.Timeouts, client.Time);

    public async Task SaveAsync(KlingTask task, int index, BatchProgress progress, StageWriter writer, CancellationToken stop)
    {
        if (task.Status == KlingTaskStatus.Failed)
        {
            throw EndedTask.FailureOf(task)!;
        }

        KlingTask ended = task.Videos.Count > 0 ? task : await AskAsync(task, stop).ConfigureAwait(false);
        IReadOnlyList<string> files = names.Names(ended, index);
        for (int video = 0; video < ended.Videos.Count; video++)
        {
            SavedTaskVideo saved = await SaveAsync(ended, video, Path.Combine(folder, files[video]), progress, stop).ConfigureAwait(false);
            string what = saved.File.WasThere ? "was there" : "saved";
            await writer.NoteAsync($"{task.TaskId} {what}: {saved.File.Path} ({saved.File.Length} bytes)").ConfigureAwait(false);
            await writer.WriteAsync(new StageRecord.Output(saved)).ConfigureAwait(false);
        }
    }

    private async Task<SavedTaskVideo> SaveAsync(KlingTask task, int video, string path, BatchProgress progress, CancellationToken stop)
    {
        DownloadProgress download = new();
        object item = new();
        progress.Begin(item, Path.GetFileName(path), download);
        try
        {
            SavedVideo file = await _saver.SaveAsync(
                new SaveRequest
                {
                    Task = task,
                    Video = task.Videos[video],
                    Path = path,
                    Force = force,
                    Progress = download,
                    RefreshUrl = token => RefreshAsync(task, video, token),
                },
                stop).ConfigureAwait(false);
            return new SavedTaskVideo(task, task.Videos[video], file);
        }
        finally
        {
            progress.End(item);
        }
    }

    // The URL of a task that has just succeeded may come a little later.
    private async Task<KlingTask> AskAsync(KlingTask task, CancellationToken stop)
    {
        DateTimeOffset begun = client.Time.GetUtcNow();
        while (true)
        {
            KlingTask seen = (await client.GetTaskAsync(task.TaskId, task, stop).ConfigureAwait(false)).Following(task);
            if (!seen.HasEnded)
            {
                throw new KlingException(KlingErrorId.WaitTimeout, $"Task {task.TaskId} has not ended: it is {seen.Status}.")
                {
                    TaskId = task.TaskId,
                    Target = seen,
                    RecommendedAction = "Pipe the task through Wait-KlingTask first.",
                };
            }

            if (EndedTask.FailureOf(seen) is not { } failure)
            {
                return seen;
            }

            if (failure.Id != KlingErrorId.NoVideo || client.Time.GetUtcNow() - begun >= UrlGrace)
            {
                throw failure;
            }

            await client.Time.WaitAsync(UrlPause, stop).ConfigureAwait(false);
        }
    }

    private async Task<string?> RefreshAsync(KlingTask task, int video, CancellationToken stop)
    {
        KlingTask fresh = await client.GetTaskAsync(task.TaskId, task, stop).ConfigureAwait(false);
        string? id = task.Videos[video].Id;
        KlingVideo? same = id is null ? null : fresh.Videos.FirstOrDefault(candidate => candidate.Id == id);
        return (same ?? fresh.Videos.ElementAtOrDefault(video))?.Url;
    }
}
