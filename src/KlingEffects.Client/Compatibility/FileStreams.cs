using Microsoft.Win32.SafeHandles;

namespace KlingEffects;

/// <summary>Files as each system and framework opens, dates and flushes them.</summary>
internal static class FileStreams
{
    private const int Unbuffered = 1; // 1 is what every framework takes for none

    // O_RDONLY | O_NONBLOCK | O_CLOEXEC: opening a FIFO must not wait for its other end.
    private static readonly int Flags = RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? 0x1000004 : 0x80800;

    /// <summary>Opens a file that is read once, from start to end.</summary>
    public static FileStream OpenForReading(string path) => new(
        path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, Unbuffered,
        FileOptions.Asynchronous | FileOptions.SequentialScan);

    /// <summary>Opens a file to write and to read back, for this process alone.</summary>
    /// <remarks>Blocks come large enough to need no buffer.</remarks>
    public static FileStream OpenAlone(string path, FileMode mode) =>
#if NETSTANDARD2_0
        // What is opened asynchronous and read at once waits, on .NET Framework, for one of the threads that do the same.
        new(path, mode, FileAccess.ReadWrite, FileShare.None, Unbuffered, FileOptions.None);
#else
        new(path, mode, FileAccess.ReadWrite, FileShare.None, Unbuffered, FileOptions.Asynchronous);
#endif

    /// <summary>Opens the file for reading, whoever holds it for writing, and keeps nobody out.</summary>
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

    /// <summary>When the file at a path was last written, in UTC; of a link, its target where the framework can tell.</summary>
    public static DateTime LastWritten(FileStream file, string path) =>
#if NETSTANDARD2_0
        // A stream that was made of a handle has no name.
        File.GetLastWriteTimeUtc(path);
#else
        File.GetLastWriteTimeUtc(file.SafeFileHandle);
#endif

    /// <summary>Begins to flush it beside further writes, where the framework can. It tells of the disk's failures when awaited.</summary>
    public static Task BeginFlush(FileStream file)
    {
#if NETSTANDARD2_0
        return Task.CompletedTask;
#else
        SafeFileHandle handle = file.SafeFileHandle;
        return Task.Run(() => RandomAccess.FlushToDisk(handle));
#endif
    }

    /// <summary>Makes the name of a file that was just made or renamed last through a power cut; false where the system can't.</summary>
    /// <remarks>On Unix a file's own flush does not cover its folder's entry (fsync(2)); Windows needs no such call on NTFS.</remarks>
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
            return false; // the file itself is on the disk; no more can be done about its name
        }
#else
        return false;
#endif
    }

    // A file or a folder on Unix; the handle is invalid where that fails.
    private static SafeFileHandle OpenHandle(string path) =>
        new(new IntPtr(Open(Encoding.UTF8.GetBytes(path + '\0'), Flags)), ownsHandle: true);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);
}
