namespace KlingEffects;

internal static class FileStreams
{
    /// <summary>Opens a file that is read once, from start to end.</summary>
    public static FileStream OpenForReading(string path) => new(
        path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1,
        FileOptions.Asynchronous | FileOptions.SequentialScan);

    /// <summary>Opens a file to write and to read back, for this process alone.</summary>
    /// <remarks>Blocks come large enough to need no buffer; 1 is what every framework takes for none.</remarks>
    public static FileStream OpenAlone(string path, FileMode mode) =>
#if NETSTANDARD2_0
        // What is opened asynchronous and read at once waits, on .NET Framework, for one of the threads that do the same.
        new(path, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.None);
#else
        new(path, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.Asynchronous);
#endif

    /// <summary>When the file at a path was last written, in UTC; of a link, its target where the framework can tell.</summary>
    public static DateTime LastWritten(FileStream file, string path) =>
#if NETSTANDARD2_0
        // A stream that was made of a handle has no name.
        File.GetLastWriteTimeUtc(path);
#else
        File.GetLastWriteTimeUtc(file.SafeFileHandle);
#endif

    /// <summary>Whether the path leads to the open file, by length and date; false too where they can't tell.</summary>
    public static bool IsAt(FileStream file, string path, long length)
    {
#if NETSTANDARD2_0
        return false;
#else
        FileInfo there = new(path);
        return there.Exists && there.Length == length && there.LastWriteTimeUtc == File.GetLastWriteTimeUtc(file.SafeFileHandle);
#endif
    }
}
