using KlingEffects.Files;

namespace KlingEffects.Reports;

/// <summary>Why a report could not be written, in words that name the file and the way out.</summary>
internal static class ReportFault
{
    public static KlingException IsFolder(string path) =>
        Failed(path, "it is a folder", "Name a file in it, such as report.html.", null);

    public static KlingException Unwritten(string path, Exception cause) => cause switch
    {
        _ when FileFault.IsDiskFull(cause) => Failed(
            path, FileFault.Reason(cause), "Free some space, or name a file on another disk; a report costs nothing to make again.", cause),
        DirectoryNotFoundException => Failed(
            path, "its folder is not there", "Make the folder first, or name one that is there.", cause),
        UnauthorizedAccessException => Failed(
            path, "access to the file or its folder is denied", "Name a file in a folder that you may write to.", cause),
        PathTooLongException => Failed(path, "the path is too long", "Name a file with a shorter path.", cause),
        _ => Failed(path, FileFault.Reason(cause), "Correct what the message names, or name another file.", cause),
    };

    private static KlingException Failed(string path, string reason, string advice, Exception? cause) =>
        new(KlingErrorId.ReportFailed, $"The report '{path}' could not be written: {reason}.", cause)
        {
            Target = path,
            RecommendedAction = advice,
        };
}
