using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace KlingEffects;

/// <summary>Reads a file that another process holds for writing.</summary>
internal static class UnlockedFile
{
    private const int Unbuffered = 1;

    // O_RDONLY | O_NONBLOCK | O_CLOEXEC: opening a FIFO must not wait for its other end.
    private static readonly int Flags = RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? 0x1000004 : 0x80800;

    /// <summary>Opens the file for reading, whoever has it open, and keeps nobody out.</summary>
    /// <exception cref="NotSupportedException">It is no regular file.</exception>
    public static FileStream OpenRead(string path)
    {
        if (!File.Exists(path))
        {
            throw Directory.Exists(path)
                ? new NotSupportedException("it is a folder")
                : new FileNotFoundException("There is no such file.", path);
        }

        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, Unbuffered);
        }

        // On Unix .NET takes a shared lock for every reader, which a holder's exclusive one refuses and a new holder trips over.
        SafeFileHandle handle = OpenHandle(path);
        FileStream file = handle.IsInvalid
            ? throw new IOException("the system refuses to open it")
            : new FileStream(handle, FileAccess.Read, Unbuffered);
        return Regular(file);
    }

    /// <summary>The same file, unless it is a FIFO, a socket or another kind of which nothing can be kept.</summary>
    /// <exception cref="NotSupportedException">It is.</exception>
    public static FileStream Regular(FileStream file)
    {
        if (!file.CanSeek)
        {
            file.Dispose();
            throw new NotSupportedException("it is no regular file");
        }

        return file;
    }

    /// <summary>Opens a file or a folder on Unix; the handle is invalid where that fails.</summary>
    internal static SafeFileHandle OpenHandle(string path) =>
        new(new IntPtr(Open(Encoding.UTF8.GetBytes(path + '\0'), Flags)), ownsHandle: true);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);
}
