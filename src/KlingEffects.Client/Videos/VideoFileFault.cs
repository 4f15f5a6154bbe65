using KlingEffects.Files;

namespace KlingEffects.Videos;

/// <summary>The failure to tell a user of when the file system refuses.</summary>
internal static class VideoFileFault
{
    /// <summary>The failure, or null if the fault is not one of the file system.</summary>
    public static KlingException? Explain(Exception fault, SaveRequest request)
    {
        (string reason, string? advice)? explanation = fault switch
        {
            IOException full when FileFault.IsDiskFull(full) =>
                ("the disk is full", "Free some space and run the same command again: the download goes on where it broke off."),
            IOException used when FileFault.IsInUse(used) =>
                ("another process is at it: " + FileFault.Reason(used), "Wait for the other process to end, then run the same command again."),
            UnauthorizedAccessException =>
                (FileFault.Reason(fault), "Save to a folder that you may write to, or make the file writable."),
            PathTooLongException =>
                ("the path is too long", "Save to a folder with a shorter path, or by a shorter -Name."),
            IOException => (FileFault.Reason(fault), "Correct what the message names, then run the same command again."),
            _ => null,
        };
        return explanation is var (why, remedy)
            ? new KlingException(
                KlingErrorId.DownloadFailed,
                $"The video of task '{ServerText.Clean(request.Task.TaskId)}' could not be saved as '{request.Path}': {why}.",
                fault)
            {
                TaskId = request.Task.TaskId,
                Target = request.Path,
                RecommendedAction = remedy,
            }
            : null;
    }
}
