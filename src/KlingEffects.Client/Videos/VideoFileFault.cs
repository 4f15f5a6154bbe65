using KlingEffects.Files;

namespace KlingEffects.Videos;

/// <summary>The failure to tell a user of when the file system refuses.</summary>
internal static class VideoFileFault
{
    /// <summary>The failure, or null if the fault is not one of the file system.</summary>
    /// <param name="fault">What was thrown.</param>
    /// <param name="request">What was to be saved.</param>
    /// <param name="whole">Where the video is, if all of it was received; else null.</param>
    public static KlingException? Explain(Exception fault, SaveRequest request, string? whole = null)
    {
        (string reason, string? advice)? explanation = fault switch
        {
            IOException full when FileFault.IsDiskFull(full) =>
                ("the disk is full", "Free some space and pass the task's id to Save-KlingVideo again: the download goes on where it broke off."),
            IOException used when FileFault.IsInUse(used) =>
                ("another process is at it: " + FileFault.Reason(used), "Wait for the other process to end, then pass the task's id to Save-KlingVideo again."),
            UnauthorizedAccessException =>
                (FileFault.Reason(fault), "Save to a folder that you may write to, or make the file writable."),
            PathTooLongException =>
                ("the path is too long", "Save to a folder with a shorter path, or by a shorter -Name."),
            ArgumentException or NotSupportedException =>
                ("it is no path of a file", "Save to another folder, or by another -Name: one without control characters, and with a colon after a drive's letter only."),
            IOException => (FileFault.Reason(fault), "Correct what the message names, then pass the task's id to Save-KlingVideo again."),
            _ => null,
        };
        return explanation is var (why, remedy)
            ? new KlingException(
                KlingErrorId.DownloadFailed,
                $"The video of task '{ServerText.Clean(request.Task.TaskId)}' could not be saved as '{request.Path}': {why}.{(whole is null ? "" : $" All of it is in '{whole}'.")}",
                fault)
            {
                TaskId = request.Task.TaskId,
                ExternalTaskId = request.Task.ExternalTaskId,
                Target = request.Path,
                RecommendedAction = remedy,
            }
            : null;
    }
}
