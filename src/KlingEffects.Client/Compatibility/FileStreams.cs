namespace KlingEffects;

/// <summary>Files that are read once, from start to end.</summary>
internal static class FileStreams
{
    public static FileStream OpenForReading(string path) => new(
        path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1,
        FileOptions.Asynchronous | FileOptions.SequentialScan);

    /// <summary>When the opened file was last written, in UTC; of a link, its target where the framework can tell.</summary>
    public static DateTime LastWritten(FileStream file) =>
#if NETSTANDARD2_0
        File.GetLastWriteTimeUtc(file.Name);
#else
        File.GetLastWriteTimeUtc(file.SafeFileHandle);
#endif
}
