using System.Runtime.InteropServices;
using KlingEffects.Files;

namespace KlingEffects.Journal;

/// <summary>Opens a journal's file: held by one, read by many.</summary>
internal static class JournalFile
{
    private const int Unbuffered = 1;

    // A Windows share mode that lets others read; elsewhere only None takes a lock that keeps other writers out.
    public static readonly FileShare WhileHeld =
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? FileShare.Read : FileShare.None;

    /// <summary>Opens the file for this process alone, making it and its folder if need be.</summary>
    /// <exception cref="KlingException">JournalLocked or JournalInvalid.</exception>
    public static FileStream Hold(string path, Func<string, FileStream> open)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }

            return open(path);
        }
        catch (IOException cause) when (FileFault.IsInUse(cause))
        {
            throw JournalFault.Locked(path);
        }
        catch (Exception cause) when (IsOfTheFile(cause))
        {
            throw JournalFault.Unopened(path, cause);
        }
    }

    public static FileStream OpenAlone(string path) =>
        new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, WhileHeld, Unbuffered);

    /// <summary>Reads a journal that another process may be writing.</summary>
    /// <exception cref="KlingException">JournalInvalid.</exception>
    public static JournalContents Look(string path)
    {
        try
        {
            using FileStream file = UnlockedFile.OpenRead(path);
            return Read(file, path);
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw JournalFault.Missing(path);
        }
        catch (Exception cause) when (IsOfTheFile(cause))
        {
            throw JournalFault.Unopened(path, cause);
        }
    }

    public static JournalContents Read(FileStream file, string path)
    {
        try
        {
            return JournalContents.Read(file, path);
        }
        catch (Exception cause) when (IsOfTheFile(cause))
        {
            throw JournalFault.Unopened(path, cause);
        }
    }

    public static JournalHeader Repair(FileStream file, string path, JournalContents contents, DateTimeOffset now)
    {
        try
        {
            return contents.MakeWhole(file, now);
        }
        catch (Exception cause) when (IsOfTheFile(cause))
        {
            throw JournalFault.Unwritten(path, cause);
        }
    }

    private static bool IsOfTheFile(Exception cause) =>
        cause is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
