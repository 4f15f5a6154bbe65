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
    private int _hasWarned;

    public async Task SaveAsync(KlingTask task, int index, BatchProgress progress, StageWriter writer, CancellationToken stop)
    {
        if (task.Status == KlingTaskStatus.Failed)
        {
            throw EndedTask.FailureOf(task)!;
        }

        KlingTask ended = task.Videos.Count > 0 ? task : await AskAsync(task, stop).ConfigureAwait(false);
        IReadOnlyList<string> files = names.Names(ended, index);
        KlingException? failed = null;
        for (int video = 0; video < ended.Videos.Count; video++)
        {
            try
            {
                SavedTaskVideo saved = await SaveAsync(ended, video, Path.Combine(folder, files[video]), progress, stop).ConfigureAwait(false);
                if (saved.File.WasThere && !names.TellTask(ended) && Interlocked.Exchange(ref _hasWarned, 1) == 0)
                {
                    await writer.CautionAsync(
                        $"'{saved.File.Path}' was there already and its name does not tell whose video it is: it is taken for that of task {task.TaskId}. "
                        + "A -Name with {TaskId} or {ExternalTaskId} tells videos apart; -Force downloads anew.").ConfigureAwait(false);
                }

                string what = saved.File.WasThere ? "was there" : "saved";
                await writer.NoteAsync($"{task.TaskId} {what}: {saved.File.Path} ({saved.File.Length} bytes)").ConfigureAwait(false);
                await writer.WriteAsync(new StageRecord.Output(saved)).ConfigureAwait(false);
            }
            catch (KlingException failure)
            {
                if (failed is not null)
                {
                    await writer.WriteAsync(new StageRecord.Failure(failed)).ConfigureAwait(false);
                }

                failed = failure;
            }
        }

        if (failed is not null)
        {
            throw failed;
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

    // An id tells which video it is; where ids tell nothing, its place does, as long as as many are there.
    private static KlingVideo? Same(IReadOnlyList<KlingVideo> known, int video, IReadOnlyList<KlingVideo> fresh)
    {
        HashSet<string> ids = [.. fresh.Select(static candidate => candidate.Id).OfType<string>()];
        bool idsTell = ids.Count == fresh.Count && known.Any(candidate => candidate.Id is { } id && ids.Contains(id));
        return idsTell ? fresh.FirstOrDefault(candidate => candidate.Id == known[video].Id)
            : fresh.Count == known.Count ? fresh[video]
            : null;
    }

    private async Task<string?> RefreshAsync(KlingTask task, int video, CancellationToken stop)
    {
        KlingTask fresh = await client.GetTaskAsync(task.TaskId, task, stop).ConfigureAwait(false);
        return Same(task.Videos, video, fresh.Videos)?.Url;
    }
}
