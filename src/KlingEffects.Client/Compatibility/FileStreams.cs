using Microsoft.Win32.SafeHandles;

namespace KlingEffects;

/// <summary>Opens, dates and flushes files on each system and framework.</summary>
internal static class FileStreams
{
    private const int Unbuffered = 1; // no buffer on every framework

    // O_RDONLY | O_NONBLOCK | O_CLOEXEC: opening a FIFO must not wait for its other end.
    private static readonly int Flags = RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? 0x1000004 : 0x80800;

    /// <summary>Opens a file for one sequential read.</summary>
    public static FileStream OpenForReading(string path) => new(
        path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, Unbuffered,
        FileOptions.Asynchronous | FileOptions.SequentialScan);

    /// <summary>Opens a file exclusively for reading and writing large blocks.</summary>
    public static FileStream OpenAlone(string path, FileMode mode) =>
#if NETSTANDARD2_0
        // On .NET Framework a synchronous read of an asynchronous stream waits for a pool thread.
        new(path, mode, FileAccess.ReadWrite, FileShare.None, Unbuffered, FileOptions.None);
#else
        new(path, mode, FileAccess.ReadWrite, FileShare.None, Unbuffered, FileOptions.Asynchronous);
#endif

    /// <summary>Opens a file for reading that others may be writing, and locks nobody out.</summary>
    /// <exception cref="NotSupportedException">It is no regular file.</exception>
    public static FileStream OpenUnlocked(string path)
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

        // On Unix .NET takes a shared lock for every reader, which conflicts with the writer's exclusive one.
        SafeFileHandle handle = OpenHandle(path);
        FileStream file = handle.IsInvalid
            ? throw new IOException("the system refuses to open it")
            : new FileStream(handle, FileAccess.Read, Unbuffered);
        return Regular(file);
    }

    /// <summary>The file itself, if it is a regular one.</summary>
    /// <exception cref="NotSupportedException">It is a FIFO, a socket or another kind that stores nothing.</exception>
    public static FileStream Regular(FileStream file)
    {
        if (!file.CanSeek)
        {
            file.Dispose();
            throw new NotSupportedException("it is no regular file");
        }

        return file;
    }

    /// <summary>The modification time in UTC, of a link's target where the framework can tell.</summary>
    public static DateTime LastWritten(FileStream file, string path) =>
#if NETSTANDARD2_0
        // A stream made from a handle has no name.
        File.GetLastWriteTimeUtc(path);
#else
        File.GetLastWriteTimeUtc(file.SafeFileHandle);
#endif

    /// <summary>Starts a flush that runs beside further writes, where the framework can.</summary>
    public static Task BeginFlush(FileStream file)
    {
#if NETSTANDARD2_0
        return Task.CompletedTask;
#else
        SafeFileHandle handle = file.SafeFileHandle;
        return Task.Run(() => RandomAccess.FlushToDisk(handle));
#endif
    }

    /// <summary>Flushes a new or renamed file's folder entry, which fsync(2) of the file does not; not needed on Windows.</summary>
    /// <returns>False if the system can't.</returns>
    public static bool FlushName(string path)
    {
#if !NETSTANDARD2_0
        if (OperatingSystem.IsWindows() || Path.GetDirectoryName(Path.GetFullPath(path)) is not { Length: > 0 } folder)
        {
            return false;
        }

        try
        {
            using SafeFileHandle handle = OpenHandle(folder);
            if (!handle.IsInvalid)
            {
                RandomAccess.FlushToDisk(handle);
            }

            return !handle.IsInvalid;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return false; // the file itself is on the disk
        }
#else
        return false;
#endif
    }

    private static SafeFileHandle OpenHandle(string path) =>
        new(new IntPtr(Open(Encoding.UTF8.GetBytes(path + '\0'), Flags)), ownsHandle: true);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);
}
