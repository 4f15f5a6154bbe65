using System.Runtime.InteropServices;
using KlingEffects.Files;

namespace KlingEffects.Journal;

/// <summary>
/// A journal's file while this process alone holds it, by the system's lock and by a guard. What lies at its path has to be what was
/// left there, byte for byte.
/// </summary>
/// <remarks>A file is known by its content and not by its number, so that this holds on every system: what is written here and read
/// back by the path is in the same file.</remarks>
internal sealed class JournalFile : IDisposable
{
    private const int Unbuffered = 1;
    private const int Kept = 512;
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    // A Windows share mode that lets others read; elsewhere only None takes a lock that keeps other writers out.
    public static readonly FileShare WhileHeld =
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? FileShare.Read : FileShare.None;

    private readonly FileStream _file;
    private long _end;
    private byte[] _head = [];
    private byte[] _tail = [];
    private ulong _digest;
    private DateTime _changedAt;
    private bool _hasReadBack;

    private JournalFile(string path, FileStream file, JournalGuard? guard)
    {
        FilePath = path;
        _file = file;
        Guard = guard;
    }

    /// <summary>By which it was opened.</summary>
    public string FilePath { get; }

    /// <summary>Tells whether the file is this process's still; null where the folder takes none.</summary>
    public JournalGuard? Guard { get; }

    /// <summary>The file that a path leads to in the end, so that two ways to one journal are one.</summary>
    public static string RealPath(string path)
    {
        try
        {
            return FileLinks.Resolve(path);
        }
        catch (Exception cause) when (JournalFault.IsOfTheFile(cause))
        {
            return path; // what is wrong with it shows where it is opened
        }
    }

    public static FileStream OpenAlone(string path, FileMode mode) => new(path, mode, FileAccess.ReadWrite, WhileHeld, Unbuffered);

    /// <summary>Takes the file, and makes its folder if need be.</summary>
    /// <param name="path">The journal.</param>
    /// <param name="isBrief">Whether it is held for a few lines only.</param>
    /// <param name="time">The clock.</param>
    /// <param name="open">Opens the file, and makes it where there may be none.</param>
    /// <exception cref="KlingException">JournalLocked or JournalInvalid.</exception>
    public static JournalFile Hold(string path, bool isBrief, TimeProvider time, Func<string, FileStream> open)
    {
        // Of a brief hold the guard comes first: whoever finds the file locked then sees that it is for a moment.
        JournalGuard? guard = isBrief ? JournalGuard.Take(path, isBrief, time) : null;
        FileStream? file = null;
        JournalFile? held = null;
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }

            file = UnlockedFile.Regular(open(path));
            return held = new JournalFile(path, file, isBrief ? guard : JournalGuard.Take(path, isBrief, time));
        }
        catch (IOException cause) when (FileFault.IsInUse(cause))
        {
            throw JournalFault.Locked(path, guard is null ? JournalGuard.HolderOf(path) : null);
        }
        catch (Exception cause) when (JournalFault.IsOfTheFile(cause))
        {
            throw JournalFault.Unopened(path, cause);
        }
        finally
        {
            if (held is null)
            {
                file?.Dispose();
                guard?.Dispose();
            }
        }
    }

    /// <summary>Adds lines to a journal that nobody holds. It is held for that moment only, and not read as a whole.</summary>
    /// <exception cref="KlingException">JournalLocked or JournalInvalid; nothing was changed.</exception>
    public static void AppendBriefly(string path, IEnumerable<JournalEntry> entries, TimeProvider time)
    {
        byte[] lines = JournalJson.ToLines(entries);
        using JournalFile held = Hold(path, isBrief: true, time, static path => OpenAlone(path, FileMode.Open));
        if (JournalContents.Read(held._file, path, jobs: null).Header is null)
        {
            throw JournalFault.NotAJournal(path);
        }

        try
        {
            FileStream file = held._file;
            int length = (int)Math.Min(file.Length, JournalJson.LongestLine);
            byte[] tail = ReadAt(file, file.Length - length, length);
            int begin = Array.LastIndexOf(tail, (byte)'\n') + 1;
            bool isOpen = begin < length && IsWhole(tail.AsSpan(begin));
            held.CutAndWrite(file.Length - (isOpen ? 0 : length - begin), isOpen, lines);
        }
        catch (Exception cause) when (JournalFault.IsOfTheFile(cause))
        {
            throw JournalFault.Unwritten(path, cause);
        }
    }

    /// <summary>Reads the journal and makes it whole: cuts off a torn last line, ends an open one, and takes in what was rescued.</summary>
    /// <param name="time">The clock of a first line, where there is none.</param>
    /// <param name="jobs">What the lines are added to.</param>
    /// <returns>The first line.</returns>
    /// <exception cref="KlingException">JournalInvalid.</exception>
    public JournalHeader Load(TimeProvider time, JobTable jobs)
    {
        JournalContents contents = JournalContents.Read(_file, FilePath, jobs);
        try
        {
            IReadOnlyList<string> rescues = JournalRescue.Beside(FilePath);
            JournalHeader header = contents.Header
                ?? rescues.Select(static rescue => JournalContents.Read(rescue, new()).Header).FirstOrDefault()
                ?? JournalHeader.Create(time.GetUtcNow());
            byte[] lines = JournalJson.ToLines(JournalRescue.TakeIn(rescues, jobs), contents.Header is null ? header : null);
            CutAndWrite(contents.Length, contents.IsOpen, lines);
            if (contents.Header is null)
            {
                DiskFlush.Name(FilePath);
            }

            foreach (string rescue in rescues)
            {
                JournalRescue.Remove(rescue, jobs);
            }

            Seal();
            return header;
        }
        catch (Exception cause) when (JournalFault.IsOfTheFile(cause))
        {
            throw JournalFault.Unwritten(FilePath, cause);
        }
    }

    /// <summary>Writes lines behind the last one; they are on the disk when it returns. Without any, all of the file is looked at.</summary>
    /// <returns>What became of the file, as the end of a sentence: then it holds another's lines, which must not be written over, nor what
    /// they submitted be submitted again. Null while it is as it was left.</returns>
    /// <exception cref="IOException">It can't be written or looked at.</exception>
    public string? Append(byte[] lines)
    {
        string? change = Guard is { IsMine: false } ? Look(isThorough: true) ?? (Guard.TryRetake() ? null : JournalFault.Taken)
            : lines.Length > 0 && _file.Length == _end && FileStreams.LastWritten(_file, FilePath) == _changedAt ? null
            : Look(isThorough: true);
        if (change is not null || lines.Length == 0)
        {
            return change;
        }

        Write(lines);
        _end += lines.Length;
        _digest = Digest(new MemoryStream(lines), _digest);
        _tail = [.. _tail, .. lines];
        change = Look(isThorough: false);
        if (change == JournalFault.Changed && !_hasReadBack && _file.Length == _end)
        {
            throw JournalFault.NotHeld(FilePath);
        }

        _hasReadBack = true;
        return change;
    }

    public void Dispose()
    {
        _file.Dispose();
        Guard?.Dispose();
    }

    private static bool IsWhole(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, JournalJson.Entry) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // As many of these bytes as are there; the others are zero.
    private static byte[] ReadAt(FileStream file, long begin, int length)
    {
        byte[] bytes = new byte[length];
        file.Position = Math.Max(0, begin);
        for (int read = 0, more = 1; read < length && more > 0; read += more)
        {
            more = file.Read(bytes, read, length - read);
        }

        return bytes;
    }

    private static ulong Digest(Stream bytes, ulong digest = FnvOffset)
    {
        byte[] block = new byte[64 * 1024];
        bytes.Position = 0;
        for (int read; (read = bytes.Read(block, 0, block.Length)) > 0;)
        {
            for (int i = 0; i < read; i++)
            {
                digest = unchecked((digest ^ block[i]) * FnvPrime);
            }
        }

        return digest;
    }

    private void CutAndWrite(long length, bool isOpen, byte[] lines)
    {
        _file.SetLength(length);
        Write(isOpen ? [(byte)'\n', .. lines] : lines);
    }

    private void Write(byte[] lines)
    {
        _file.Position = _file.Length;
        _file.Write(lines, 0, lines.Length);
        _file.Flush(flushToDisk: true);
    }

    private void Seal()
    {
        _end = _file.Length;
        int kept = (int)Math.Min(_end, Kept);
        _head = ReadAt(_file, 0, kept);
        _tail = ReadAt(_file, _end - kept, kept);
        _digest = Digest(_file);
        _changedAt = FileStreams.LastWritten(_file, FilePath);
    }

    private string? Look(bool isThorough)
    {
        try
        {
            using FileStream now = UnlockedFile.OpenRead(FilePath);
            if (!ReadAt(now, 0, _head.Length).AsSpan().SequenceEqual(_head))
            {
                return JournalFault.Replaced;
            }

            if (now.Length != _end
                || !ReadAt(now, _end - _tail.Length, _tail.Length).AsSpan().SequenceEqual(_tail)
                || (isThorough && Digest(now) != _digest))
            {
                return JournalFault.Changed;
            }

            _changedAt = FileStreams.LastWritten(now, FilePath);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return JournalFault.Deleted;
        }

        _tail = _tail.Length > Kept ? _tail.AsSpan(_tail.Length - Kept).ToArray() : _tail;
        return null;
    }
}
