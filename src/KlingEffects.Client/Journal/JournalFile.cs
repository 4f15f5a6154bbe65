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
            throw JournalFault.Locked(path, JournalGuard.HolderOf(RealPath(path)));
        }
        catch (Exception cause) when (IsOfTheFile(cause))
        {
            throw JournalFault.Unopened(path, cause);
        }
    }

    /// <summary>The file that a path leads to in the end, so that two ways to one journal are one.</summary>
    public static string RealPath(string path)
    {
        try
        {
            return FileLinks.Follow(new FileInfo(Path.GetFullPath(path))).FullName;
        }
        catch (Exception cause) when (IsOfTheFile(cause))
        {
            return path; // what is wrong with it shows where it is opened
        }
    }

    /// <summary>Takes the second guard of a file that is held.</summary>
    /// <returns>Null where the folder takes no new files: then the system's lock has to do.</returns>
    /// <exception cref="KlingException">JournalLocked.</exception>
    public static JournalGuard? Guard(string path, bool isBrief, TimeProvider time)
    {
        try
        {
            return JournalGuard.TryTake(RealPath(path), isBrief, time, out GuardOwner? holder) ?? throw JournalFault.Locked(path, holder);
        }
        catch (Exception cause) when (cause is UnauthorizedAccessException or IOException)
        {
            return null;
        }
    }

    public static FileStream OpenAlone(string path) =>
        new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, WhileHeld, Unbuffered);

    /// <summary>Reads a journal that another process may be writing.</summary>
    /// <exception cref="KlingException">JournalInvalid.</exception>
    public static JournalContents Look(string path, JobTable? jobs = null)
    {
        try
        {
            using FileStream file = UnlockedFile.OpenRead(path);
            return Read(() => JournalContents.Read(file, path, jobs), path);
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

    public static JournalContents Read(FileStream file, string path) => Read(() => JournalContents.Read(file, path), path);

    public static T Read<T>(Func<T> read, string path)
    {
        try
        {
            return read();
        }
        catch (Exception cause) when (IsOfTheFile(cause))
        {
            throw JournalFault.Unopened(path, cause);
        }
    }

    /// <summary>Whether another look at the file finds these bytes there.</summary>
    public static bool Holds(string path, long begin, byte[] bytes)
    {
        using FileStream again = UnlockedFile.OpenRead(path);
        if (!again.CanSeek || again.Length < begin + bytes.Length)
        {
            return false;
        }

        again.Position = begin;
        byte[] found = new byte[bytes.Length];
        for (int read = 0, more; read < found.Length; read += more)
        {
            more = again.Read(found, read, found.Length - read);
            if (more == 0)
            {
                return false;
            }
        }

        return found.AsSpan().SequenceEqual(bytes);
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

    internal static bool IsOfTheFile(Exception cause) =>
        cause is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
