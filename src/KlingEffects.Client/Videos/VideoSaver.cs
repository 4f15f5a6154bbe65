using KlingEffects.Api;
using KlingEffects.Videos.Containers;
using KlingEffects.Videos.Naming;
using KlingEffects.Videos.Transfer;

namespace KlingEffects.Videos;

/// <summary>Saves videos. A file under its final name is always the complete and right video; a partial file is continued.</summary>
internal sealed class VideoSaver(ApiClient api, string? userAgent = null)
{
    // By path, so that a video requested twice at once is downloaded once.
    private readonly ConcurrentDictionary<string, Task> _saving = new(StringComparer.OrdinalIgnoreCase);

    public Action<string, string> Rename { get; init; } = FileMoves.Rename;

    /// <summary>Saves one video, with its container's extension. A complete file is passed on without a request, unless forced.</summary>
    public async Task<SavedVideo> SaveAsync(SaveRequest request, CancellationToken cancellationToken)
    {
        PartialFile? file = null;
        string path = "";
        string kept = "";
        TaskCompletionSource<bool> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            path = PathRules.Fault(request.Path) is { } why ? throw new ArgumentException(why) : Path.GetFullPath(request.Path);
            while (_saving.GetOrAdd(path, ended.Task) is var other && other != ended.Task)
            {
                await other.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (!request.Force && VideoContainer.NamesFor(path).FirstOrDefault(VideoBytes.IsWhole) is { } there)
            {
                return Saved(request, there, wasThere: true);
            }

            file = PartialFile.Open(path, request.Task);
            VideoDownload download = new(request, file, api.For(request.Task.Gateway), userAgent);
            await download.RunAsync(cancellationToken).ConfigureAwait(false);
            string name = file.ReadContainer()?.NameFor(path) ?? path;
            await file.CloseAsync(isWhole: true).ConfigureAwait(false);
            kept = $" All of it is in '{file.FilePath}'.";
            return await PublishAsync(file.FilePath, name, request).ConfigureAwait(false);
        }
        catch (Exception fault) when (Explain(fault) is var (reason, advice))
        {
            throw new KlingException(
                KlingErrorId.DownloadFailed,
                $"The video of task '{ServerText.Clean(request.Task.TaskId)}' could not be saved as '{request.Path}': {reason}.{kept}",
                fault)
            {
                TaskId = request.Task.TaskId,
                ExternalTaskId = request.Task.ExternalTaskId,
                Target = request.Path,
                RecommendedAction = advice,
            };
        }
        finally
        {
            await (file?.CloseAsync() ?? Task.CompletedTask).ConfigureAwait(false);
            ((ICollection<KeyValuePair<string, Task>>)_saving).Remove(new(path, ended.Task));
            ended.SetResult(true);
        }
    }

    // A complete video of that name that came meanwhile is not replaced: it is the same, or the task's id tells them apart.
    private async Task<SavedVideo> PublishAsync(string partial, string target, SaveRequest request)
    {
        string distinct = Path.Combine(
            Path.GetDirectoryName(target)!,
            SafeFileName.From($"{Path.GetFileNameWithoutExtension(target)}-{request.Task.TaskId}") + Path.GetExtension(target));
        long begun = api.Time.GetTimestamp();
        for (int failures = 1; ; failures++)
        {
            if (!request.Force && target != distinct && VideoBytes.IsWhole(target))
            {
                if (VideoBytes.AreSame(partial, target))
                {
                    File.Delete(partial);
                    return Saved(request, target, wasThere: true);
                }

                target = distinct;
            }

            try
            {
                // An existing file of that name is no complete video, or a dangling link.
                Rename(partial, target);
                FileStreams.FlushName(target);
                return Saved(request, target, wasThere: false);
            }
            catch (Exception held) when (FileFault.MayPass(held) && !Directory.Exists(target)
                && !Policy.HeldFile.IsOver(api.Time.GetElapsedTime(begun)))
            {
                // On Windows a virus scanner may hold a new file for a moment.
                await api.Time.Delay(Policy.HeldFile.Pause(failures, null, api.Random), CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private static (string Reason, string Advice)? Explain(Exception fault) => fault switch
    {
        IOException full when FileFault.IsDiskFull(full) => (
            "the disk is full",
            $"Free some space and pass the task's id to {Term.SaveVideo} again: the download goes on where it broke off."),
        IOException used when FileFault.IsInUse(used) => (
            "another process is at it: " + FileFault.Reason(used),
            $"Wait for the other process to end, then pass the task's id to {Term.SaveVideo} again."),
        UnauthorizedAccessException => (FileFault.Reason(fault), "Save to a folder that you may write to, or make the file writable."),
        PathTooLongException => ("the path is too long", $"Save to a folder with a shorter path, or by a shorter {Term.Name}."),
        ArgumentException or NotSupportedException => (
            "it is no path of a file",
            $"Save to another folder, or by another {Term.Name}: one without control characters, and with a colon after a drive's "
                + $"letter only."),
        IOException => (FileFault.Reason(fault), $"Correct what the message names, then pass the task's id to {Term.SaveVideo} again."),
        _ => null,
    };

    private static SavedVideo Saved(SaveRequest request, string path, bool wasThere)
    {
        long length = new FileInfo(path).Length;
        request.Progress.Total = length;
        request.Progress.Received = length;
        return new SavedVideo(request.Task, request.Video, path, length, wasThere);
    }
}
