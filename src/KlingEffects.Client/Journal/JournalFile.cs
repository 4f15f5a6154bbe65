namespace KlingEffects.Journal;

/// <summary>A journal's file, held exclusively by a file lock and a guard file. At its path there must be what was written, byte for byte:
/// it is recognised by its content, because not every system has inodes.</summary>
internal sealed class JournalFile(string path, FileStream file, JournalGuard? guard) : IDisposable
{
    private const int HeadLength = 512;
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    // On Windows others may read; elsewhere only None keeps other writers out.
    public static readonly FileShare WhileHeld = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? FileShare.Read : FileShare.None;

    private readonly FileStream _file = file;
    private long _end;
    private byte[] _head = [];
    private ulong _digest;
    private DateTime _changedAt;
    private bool _hasReadBack;

    public string FilePath => path;
    public JournalGuard? Guard => guard;

    public static FileStream OpenAlone(string path, FileMode mode) => new(path, mode, FileAccess.ReadWrite, WhileHeld, bufferSize: 1);

    /// <summary>Opens the file exclusively, briefly or for a long time, and creates its folder.</summary>
    public static JournalFile Hold(string path, bool isBrief, TimeProvider time, Func<string, FileStream> open)
    {
        // A brief hold takes its guard first, so that those who find the file locked know that the hold is brief.
        JournalGuard? guard = isBrief ? JournalGuard.Take(path, isBrief, time) : null;
        FileStream? file = null;
        JournalFile? held = null;
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }

            file = FileStreams.Regular(open(path));
            return held = new JournalFile(path, file, isBrief ? guard : JournalGuard.Take(path, isBrief, time));
        }
        catch (IOException cause) when (FileFault.IsInUse(cause))
        {
            throw JournalFault.Locked(path, guard is null ? JournalGuard.HolderOf(path) : null);
        }
        catch (Exception cause) when (FileFault.IsOfFile(cause))
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

    /// <summary>Appends lines to a journal that nobody holds, without reading all of it.</summary>
    public static void AppendBriefly(string path, IEnumerable<JournalEntry> entries, TimeProvider time)
    {
        byte[] lines = JournalJson.ToLines(entries);
        using JournalFile held = Hold(path, isBrief: true, time, static path => OpenAlone(path, FileMode.Open));
        try
        {
            held.WriteAfter(JournalContents.ReadEnds(held._file, path), lines);
        }
        catch (Exception cause) when (FileFault.IsOfFile(cause))
        {
            throw JournalFault.Unwritten(path, cause);
        }
    }

    /// <summary>Reads the journal and repairs it: cuts off a torn line, completes an open one, and merges rescue files.</summary>
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
            WriteAfter(contents, lines);
            if (contents.Header is null)
            {
                FileStreams.FlushName(FilePath);
            }

            foreach (string rescue in rescues)
            {
                JournalRescue.Remove(rescue, jobs);
            }

            Seal();
            return header;
        }
        catch (Exception cause) when (FileFault.IsOfFile(cause))
        {
            throw JournalFault.Unwritten(FilePath, cause);
        }
    }

    /// <summary>Appends lines and flushes them to disk. Without lines it only checks the whole file.</summary>
    /// <returns>How others changed the file, in which case nothing is overwritten; null if it is unchanged.</returns>
    public string? Append(byte[] lines)
    {
        bool isUntouched = lines.Length > 0 && _file.Length == _end && FileStreams.LastWritten(_file, FilePath) == _changedAt;
        string? change = Guard is { IsMine: false } ? Look() ?? (Guard.TryRetake() ? null : JournalFault.Taken)
            : isUntouched ? null
            : Look();
        if (change is not null || lines.Length == 0)
        {
            return change;
        }

        Write(_file, lines);
        _end += lines.Length;
        _digest = Digest(new MemoryStream(lines), _digest);
        _changedAt = FileStreams.LastWritten(_file, FilePath);
        change = Look(lines);
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

    public static void Write(FileStream file, byte[] lines)
    {
        file.Position = file.Length;
        file.Write(lines, 0, lines.Length);
        file.Flush(flushToDisk: true);
    }

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

    private static bool HasAt(FileStream file, long begin, byte[] bytes) => ReadAt(file, begin, bytes.Length).SequenceEqual(bytes);

    private static ulong Digest(Stream bytes, ulong digest = FnvOffset)
    {
        byte[] block = new byte[(int)Math.Min(64 * 1024, bytes.Length)];
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

    private void WriteAfter(JournalContents contents, byte[] lines)
    {
        _file.SetLength(contents.Length);
        Write(_file, contents.IsOpen ? [(byte)'\n', .. lines] : lines);
    }

    private void Seal()
    {
        _end = _file.Length;
        _head = ReadAt(_file, 0, (int)Math.Min(_end, HeadLength));
        _digest = Digest(_file);
        _changedAt = FileStreams.LastWritten(_file, FilePath);
    }

    // Compares the whole file, or its head and the lines just written, which no other file has at its end.
    private string? Look(byte[]? written = null)
    {
        try
        {
            using FileStream now = FileStreams.OpenUnlocked(FilePath);
            bool isSame = now.Length == _end && (written is null ? Digest(now) == _digest : HasAt(now, _end - written.Length, written));
            return !HasAt(now, 0, _head) ? JournalFault.Replaced : isSame ? null : JournalFault.Changed;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return JournalFault.Deleted;
        }
    }
}
