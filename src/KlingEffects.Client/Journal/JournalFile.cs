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

            return UnlockedFile.Regular(open(path));
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
            return FileLinks.Resolve(path);
        }
        catch (Exception cause) when (IsOfTheFile(cause))
        {
            return path; // what is wrong with it shows where it is opened
        }
    }

    /// <summary>Takes the second guard of a file that is held.</summary>
    /// <returns>Null where the folder takes no new files: then the system's lock has to do.</returns>
    /// <exception cref="KlingException">JournalLocked, caused by a <see cref="SilentOwnerException"/> where the owner may be dead.</exception>
    public static JournalGuard? Guard(string path, bool isBrief, TimeProvider time)
    {
        try
        {
            return JournalGuard.TryTake(RealPath(path), isBrief, time, out GuardOwner? holder)
                ?? throw JournalFault.Locked(path, holder, holder is { IsOfThisHost: true } ? null : new SilentOwnerException());
        }
        catch (NotSupportedException cause)
        {
            throw JournalFault.Unguarded(path, RealPath(path) + JournalGuard.Extension, cause);
        }
        catch (Exception cause) when (cause is UnauthorizedAccessException or IOException)
        {
            return null;
        }
    }

    public static FileStream OpenAlone(string path) => OpenAlone(path, FileMode.OpenOrCreate);

    public static FileStream OpenAlone(string path, FileMode mode) => new(path, mode, FileAccess.ReadWrite, WhileHeld, Unbuffered);

    /// <summary>Whether there is a journal, or what was rescued of one.</summary>
    public static bool Exists(string path) => File.Exists(path) || JournalRescue.Beside(path).Count > 0;

    /// <summary>Reads a journal that another process may be writing, with what was rescued of it.</summary>
    /// <exception cref="KlingException">JournalInvalid.</exception>
    public static JournalContents Look(string path)
    {
        IReadOnlyList<string> rescues = JournalRescue.Beside(path);
        JournalContents contents = rescues.Count > 0 && !File.Exists(path) ? new() : LookAlone(path);
        contents.Jobs.Path = path;
        JournalRescue.TakeIn(rescues, contents.Jobs);
        return contents;
    }

    /// <summary>Reads one file of lines, whoever writes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="jobs">What its lines are added to; null for jobs of their own.</param>
    /// <exception cref="KlingException">JournalInvalid.</exception>
    public static JournalContents LookAlone(string path, JobTable? jobs = null)
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

    /// <summary>As many of these bytes as are there; the others are zero.</summary>
    public static byte[] ReadAt(FileStream file, long begin, int length)
    {
        byte[] bytes = new byte[length];
        file.Position = Math.Max(0, begin);
        for (int read = 0, more = 1; read < length && more > 0; read += more)
        {
            more = file.Read(bytes, read, length - read);
        }

        return bytes;
    }

    public static JournalHeader Repair(FileStream file, string path, JournalContents contents, TimeProvider time)
    {
        try
        {
            bool isNew = contents.Header is null;
            IReadOnlyList<string> rescues = JournalRescue.Beside(path);
            JournalHeader header = contents.MakeWhole(
                file, () => rescues.Select(static rescue => LookAlone(rescue).Header).FirstOrDefault() ?? JournalHeader.Create(time.GetUtcNow()));
            byte[] rescued = JournalJson.Lines(JournalRescue.TakeIn(rescues, contents.Jobs));
            file.Write(rescued, 0, rescued.Length);
            file.Flush(flushToDisk: true);
            if (isNew)
            {
                DiskFlush.Name(path);
            }

            foreach (string rescue in rescues)
            {
                JournalRescue.Remove(rescue, contents.Jobs);
            }

            return header;
        }
        catch (Exception cause) when (IsOfTheFile(cause))
        {
            throw JournalFault.Unwritten(path, cause);
        }
    }

    public static bool IsOfTheFile(Exception cause) =>
        cause is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
