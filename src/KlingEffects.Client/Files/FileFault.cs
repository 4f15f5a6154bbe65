using System.Security;

namespace KlingEffects.Files;

/// <summary>Recognises failures of file systems, which .NET reports by each system's numbers.</summary>
internal static class FileFault
{
    private static readonly bool IsWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
    private static readonly bool IsMac = RuntimeInformation.IsOSPlatform(OSPlatform.OSX);

    /// <summary>Whether the file system refused, rather than this module being at fault.</summary>
    public static bool IsOfFile(Exception fault) =>
        fault is IOException or UnauthorizedAccessException or SecurityException or ArgumentException or NotSupportedException;

    /// <summary>The result; the default if the file system refuses, or if the path is invalid.</summary>
    public static T? Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (IsOfFile(fault) || fault is KlingException)
        {
            return default;
        }
    }

    public static void Try(Action change) => _ = Try(() =>
    {
        change();
        return true;
    });

    /// <summary>Whether another handle has the file open exclusively.</summary>
    public static bool IsInUse(IOException fault) => IsWindows
        ? (fault.HResult & 0xFFFF) is 32 or 33 // ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION
        : fault.HResult == (IsMac ? 35 : 11); // EWOULDBLOCK

    /// <summary>Whether another process may hold the file for a moment; Windows reports either error.</summary>
    public static bool MayPass(Exception fault) => fault is UnauthorizedAccessException || (fault is IOException io && IsInUse(io));

    public static bool IsNameTooLong(Exception fault) => fault is PathTooLongException || (IsWindows
        && fault is IOException
        && (fault.HResult & 0xFFFF) is 3 or 123 or 206); // ERROR_PATH_NOT_FOUND, ERROR_INVALID_NAME, ERROR_FILENAME_EXCED_RANGE

    public static bool IsDiskFull(Exception fault) => fault is IOException && (IsWindows
        ? (fault.HResult & 0xFFFF) is 39 or 112 // ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL
        : fault.HResult == 28 || fault.HResult == (IsMac ? 69 : 122)); // ENOSPC, EDQUOT

    /// <summary>The reason as the end of a sentence, without its full stop.</summary>
    public static string Reason(Exception fault) => fault switch
    {
        _ when IsDiskFull(fault) => "the disk is full",
        UnauthorizedAccessException => "access to it is denied, or it is a folder",
        _ => ServerText.Clean(fault.Message)?.TrimEnd('.') ?? fault.GetType().Name,
    };
}
