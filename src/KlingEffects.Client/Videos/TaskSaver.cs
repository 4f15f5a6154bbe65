using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Queries;

namespace KlingEffects.Videos;

/// <summary>One saved video of one task.</summary>
internal sealed record SavedTaskVideo(KlingTask Task, KlingVideo Video, SavedVideo File);

/// <summary>Saves all videos of a task under the names of its batch.</summary>
internal sealed class TaskSaver(ApiClient api, NameRegistry names, string folder, bool force)
{
    private readonly VideoSaver _saver = new(api.Timeouts, api.Time, api.Random);
    private int _hasWarned;

    public async Task SaveAsync(KlingTask task, int index, BatchProgress progress, StageWriter writer, CancellationToken stop)
    {
        if (task.Status == KlingTaskStatus.Failed)
        {
            throw TaskOutcome.FailureOf(task)!;
        }

        KlingTask ended = task.Videos.Count > 0 ? task : await TaskQuery.AskForVideosAsync(api, task, stop).ConfigureAwait(false);
        IReadOnlyList<string> files = names.Names(ended, index);
        KlingException? failed = null;
        for (int video = 0; video < ended.Videos.Count; video++)
        {
            try
            {
                SavedTaskVideo saved = await SaveAsync(ended, video, Path.Combine(folder, files[video]), progress, stop).ConfigureAwait(false);
                if (saved.File.WasThere && !names.TellTask(ended) && Interlocked.Exchange(ref _hasWarned, 1) == 0)
                {
                    await writer.WarnAsync(
                        $"'{saved.File.Path}' was there already and its name does not tell whose video it is: it is taken for that of task {task.TaskId}. "
                        + "A -Name with {TaskId} or {ExternalTaskId} tells videos apart; -Force downloads anew.").ConfigureAwait(false);
                }

                await writer.TellAsync(new RunEvent.Saved(task, saved.File)).ConfigureAwait(false);
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
        KlingTask fresh = await TaskQuery.AskAsync(api, task.TaskId, task, stop).ConfigureAwait(false);
        return Same(task.Videos, video, fresh.Videos)?.Url;
    }
}
