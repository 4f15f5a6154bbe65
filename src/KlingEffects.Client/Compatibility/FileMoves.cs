#if NETSTANDARD2_0
using System.ComponentModel;

#endif
namespace KlingEffects;

internal static class FileMoves
{
    /// <summary>Replaces a file in one step, so that a reader sees the old or the new one, complete.</summary>
    public static void Rename(string from, string to)
    {
#if NETSTANDARD2_0
        // File.Replace may lose the old file (error 1176) and fails on some shares; MoveFileEx does neither.
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            Check(MoveFileEx(from, to, ReplaceExisting), to);
        }
        else
        {
            Check(RenameFile(Encoding.UTF8.GetBytes(from + '\0'), Encoding.UTF8.GetBytes(to + '\0')) == 0, to);
        }
#else
        File.Move(from, to, overwrite: true);
#endif
    }
#if NETSTANDARD2_0

    private const int ReplaceExisting = 1;
    private const int AccessDenied = 5;
    private const int Win32Fault = unchecked((int)0x80070000);

    private static void Check(bool succeeded, string path)
    {
        if (succeeded)
        {
            return;
        }

        int error = Marshal.GetLastWin32Error();
        bool isWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
        string message = $"{new Win32Exception(error).Message.TrimEnd('.')}: '{path}'.";
        throw isWindows && error == AccessDenied
            ? new UnauthorizedAccessException(message)
            : new IOException(message, isWindows ? Win32Fault | error : error);
    }

    [DllImport("kernel32", EntryPoint = "MoveFileExW", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool MoveFileEx(string from, string to, int flags);

    [DllImport("libc", EntryPoint = "rename", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int RenameFile(byte[] from, byte[] to);
#endif
}
