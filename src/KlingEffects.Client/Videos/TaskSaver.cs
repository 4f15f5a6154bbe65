using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Journal;
using KlingEffects.Queries;
using KlingEffects.Videos.Containers;
using KlingEffects.Videos.Naming;

namespace KlingEffects.Videos;

/// <summary>Saves all videos of a task under the names of its batch.</summary>
internal sealed class TaskSaver(
    ApiClient api, NameRegistry names, string folder, bool force, TaskRecorder recorder, string? userAgent = null)
{
    private readonly VideoSaver _saver = new(api, userAgent);
    private readonly ConcurrentStringSet _warned = new();
    private readonly ConcurrentDictionary<string, string> _taskOfVideo = new(StringComparer.Ordinal);

    /// <summary>Whether to ask before every file, rather than before a replacement only.</summary>
    public bool AsksAlways { get; init; }

    /// <summary>Whether to output each video, rather than only to report it.</summary>
    public bool PassesOn { get; init; } = true;

    /// <summary>Makes the folder and tries it, before anything is paid for.</summary>
    public void Prepare()
    {
        string probe = Path.Combine(folder, $".kling-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception fault) when (FileFault.IsOfFile(fault))
        {
            throw new KlingException(
                KlingErrorId.DownloadFailed,
                $"Nothing can be saved in '{folder}', so nothing was submitted: {FileFault.Reason(fault)}.",
                target: folder,
                advice: $"Make the folder writable, or give another {Term.Destination}.");
        }
    }

    public async Task SaveAsync(KlingTask task, Stage stage, CancellationToken stop)
    {
        int index = task.Context.Index ?? 0;
        if (task.HasFailed)
        {
            throw TaskOutcome.FailureOf(task)!;
        }

        if (!force && FilesThere(task, index) is { } there)
        {
            bool isKnown = names.IsRecord(names.Names(task, index), task);
            foreach (SavedVideo video in there)
            {
                await PassOnAsync(video, isKnown, stage).ConfigureAwait(false);
            }

            Record(task, there);
            return;
        }

        KlingTask ended = task.Videos.Count > 0 ? task : await AskAsync(task, stop).ConfigureAwait(false);
        recorder.Ended(ended);
        IReadOnlyList<string> files = names.Names(ended, index);
        if (names.OlderFile(ended, index) is { } older && _warned.Add("age"))
        {
            await stage.WarnAsync(
                $"{SubjectName.Before(ended.ExternalTaskId)}'{older}' is older than task {ended.TaskId}, and so another's: "
                + $"the task's video is saved as '{files[0]}', and others likewise.").ConfigureAwait(false);
        }

        List<SavedVideo> all = [];
        List<KlingException> failures = [];
        for (int video = 0; video < ended.Videos.Count; video++)
        {
            string path = Path.Combine(folder, files[video]);
            if (!await MaySaveAsync(ended, path, stage).ConfigureAwait(false))
            {
                continue;
            }

            string source = ended.Videos[video].Url;
            if (_taskOfVideo.GetOrAdd(source, ended.TaskId) is var other && other != ended.TaskId)
            {
                await stage.WarnAsync(
                    $"{SubjectName.Before(ended.ExternalTaskId)}the API names one video for the tasks {other} and {ended.TaskId}: "
                    + $"look whose it is.").ConfigureAwait(false);
            }

            SaveRequest request = Request(ended, video, path, stage);
            stage.Progress.Begin(request.Progress);
            try
            {
                SavedVideo saved = await _saver.SaveAsync(request, stop).ConfigureAwait(false);
                await PassOnAsync(saved, isKnown: false, stage).ConfigureAwait(false);
                all.Add(saved);
            }
            catch (KlingException failure)
            {
                failures.Add(failure);
            }
            finally
            {
                stage.Progress.End(request.Progress);
            }
        }

        if (all.Count == ended.Videos.Count)
        {
            Record(ended, all);
        }

        foreach (KlingException failure in failures.Skip(1))
        {
            await stage.WriteAsync(new StageRecord.Failure(failure)).ConfigureAwait(false);
        }

        if (failures.Count > 0)
        {
            throw failures[0];
        }
    }

    private SaveRequest Request(KlingTask task, int video, string path, Stage stage) => new()
    {
        Task = task,
        Video = task.Videos[video],
        Path = path,
        Force = force,
        Progress = new DownloadProgress { Name = Path.GetFileName(path) },
        RefreshUrl = stop => RefreshAsync(task, video, stop),
        ReportWait = why => stage.ReportAsync(new RunEvent.DownloadHeld(task, why)),
    };

    private Task<bool> MaySaveAsync(KlingTask task, string path, Stage stage)
    {
        bool replaces = force && File.Exists(path);
        string verb = replaces ? "Replace by" : "Save";
        return replaces || (AsksAlways && !IsThere(path))
            ? stage.AskAsync($"{path}", $"{verb} the video of task {task.TaskId}")
            : Task.FromResult(true);
    }

    // An unreadable file fails later, with its own error.
    private static bool IsThere(string path) => FileFault.Try(() => VideoBytes.IsWhole(path));

    // The videos that a journal says were saved, if all of them are there under this run's names.
    private List<SavedVideo>? FilesThere(KlingTask task, int index)
    {
        if (task.Context.Record is not { IsSaved: true, Files: { } files } || (task.Videos.Count > 0 && task.Videos.Count != files.Length))
        {
            return null;
        }

        string[] paths = [.. names.Names(task, index).Select(name => Path.GetFullPath(Path.Combine(folder, name)))];
        IEnumerable<KlingVideo> videos = task.Videos.Count > 0 ? task.Videos
            : files.Select(static file => new KlingVideo { Id = file.VideoId, Url = "" });
        return !paths.All(IsThere) ? null
            : [.. paths.Zip(videos, (path, video) => new SavedVideo(task, video, path, new FileInfo(path).Length, WasThere: true))];
    }

    private async Task<KlingTask> AskAsync(KlingTask task, CancellationToken stop)
    {
        try
        {
            return await TaskQuery.AskForVideosAsync(api, task, stop).ConfigureAwait(false);
        }
        catch (KlingException unknown) when (unknown.Id == KlingErrorId.TaskNotFound && task.Context.Record is { IsSaved: true } record)
        {
            string path = record.Files![0].Path ?? "";
            bool isThere = File.Exists(path);
            throw unknown.With(
                isThere
                    ? (SafeText)($"{task.Title} can't be saved anew, for the API no longer knows it. "
                        + $"Its video is there as '{path}', where it was saved before.")
                    : $"{task.Title} was saved as '{path}', which is gone, and the API no longer knows the task.",
                KlingErrorId.VideoExpired,
                isThere
                    ? $"Copy '{path}', or give {Term.SaveVideo} the {Term.Destination} and {Term.Name} that it was saved with."
                    : "The provider no longer has the video. To have it made anew, which costs again, submit the job with another "
                        + $"{Term.ExternalTaskId} or another journal.").WithSubject(task);
        }
    }

    private async Task PassOnAsync(SavedVideo saved, bool isKnown, Stage stage)
    {
        if (saved.WasThere && !isKnown && !names.IdentifyTask(saved.Task) && _warned.Add("name"))
        {
            await stage.WarnAsync(
                $"{SubjectName.Before(saved.Task.ExternalTaskId)}'{saved.Path}' was there already and its name does not tell "
                + $"whose video it is: it is taken for that of task {saved.Task.TaskId}. "
                + $"A {Term.Name} with {{TaskId}} or {{ExternalTaskId}} tells videos apart"
                + $"{(PassesOn ? $"; {Term.Force} downloads anew" : "")}.")
                .ConfigureAwait(false);
        }

        await stage.ReportAsync(new RunEvent.Saved(saved)).ConfigureAwait(false);
        if (PassesOn)
        {
            await stage.WriteAsync(new StageRecord.Output(saved)).ConfigureAwait(false);
        }
    }

    private void Record(KlingTask task, List<SavedVideo> videos) => recorder.Saved(
        task, [.. videos.Select(static video => new SavedFile { Path = video.Path, VideoId = video.Video.Id })]);

    // The same video by its id; without ids by its place, if the number is the same.
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
