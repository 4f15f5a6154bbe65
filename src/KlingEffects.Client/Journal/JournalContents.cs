namespace KlingEffects.Journal;

/// <summary>The content of a journal's file, and how much of it is complete.</summary>
internal sealed class JournalContents(JobTable jobs)
{
    /// <summary>The first line; null if it is missing or torn.</summary>
    public JournalHeader? Header { get; private set; }

    public JobTable Jobs => jobs;

    /// <summary>The bytes of all complete lines; a torn line comes after them.</summary>
    public long Length { get; private set; }

    /// <summary>Whether the last complete line lacks its line break.</summary>
    public bool IsOpen { get; private set; }

    public static bool Exists(string path) => File.Exists(path) || JournalRescue.Beside(path).Count > 0;

    /// <summary>Reads a journal that another process may be writing, and its rescue files.</summary>
    public static JournalContents ReadWithRescues(string path)
    {
        IReadOnlyList<string> rescues = JournalRescue.Beside(path);
        JournalContents contents = rescues.Count > 0 && !File.Exists(path) ? new(new() { Path = path }) : Read(path, new());
        JournalRescue.TakeIn(rescues, contents.Jobs);
        return contents;
    }

    public static JournalContents Read(string path, JobTable jobs)
    {
        try
        {
            using FileStream file = FileStreams.OpenUnlocked(path);
            return Read(file, path, jobs);
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw JournalFault.Missing(path);
        }
        catch (Exception cause) when (FileFault.IsOfFile(cause))
        {
            throw JournalFault.Unopened(path, cause);
        }
    }

    /// <summary>Adds a file's lines to the jobs; without jobs it reads the first line only. A torn last line is skipped.</summary>
    public static JournalContents Read(Stream stream, string path, JobTable? jobs)
    {
        JournalContents contents = new(jobs ?? new());
        contents.Jobs.Path = path;
        int number = 1;
        try
        {
            foreach ((ReadOnlyMemory<byte> line, bool isOpen) in JournalJson.ReadLines(stream))
            {
                if (!contents.TryTake(line.Span, number == 1, isOpen, path) || jobs is null)
                {
                    break;
                }

                contents.Length += line.Length + (isOpen ? 0 : 1);
                contents.IsOpen = isOpen;
                number++;
            }

            return contents;
        }
        catch (JsonException)
        {
            throw number == 1 ? JournalFault.NotAJournal(path) : JournalFault.Damaged(path, number);
        }
        catch (Exception cause) when (FileFault.IsOfFile(cause))
        {
            throw JournalFault.Unopened(path, cause);
        }
    }

    /// <summary>Reads the first and the last line only, which suffices to append another.</summary>
    public static JournalContents ReadEnds(FileStream file, string path)
    {
        JournalContents contents = Read(file, path, jobs: null);
        file.Position = Math.Max(0, file.Length - JournalJson.LongestLine);
        (ReadOnlyMemory<byte> last, bool isOpen) = JournalJson.ReadLines(file).LastOrDefault();
        contents.IsOpen = isOpen && contents.TryTake(last.Span, isFirst: last.Length == file.Length, isLast: true, path);
        contents.Length = file.Length - (isOpen && !contents.IsOpen ? last.Length : 0);
        return contents.Header is null ? throw JournalFault.NotAJournal(path) : contents;
    }

    private bool TryTake(ReadOnlySpan<byte> line, bool isFirst, bool isLast, string path)
    {
        try
        {
            if (isFirst)
            {
                Header = ReadHeader(line, path);
            }
            else if (!IsBlank(line))
            {
                JournalEntry? entry = JsonSerializer.Deserialize(line, JournalJson.Entry);
                jobs.Apply(entry is { IsWhole: true } ? entry : throw new JsonException());
            }

            return true;
        }
        catch (JsonException) when (isLast && (!isFirst || CouldBecomeHeader(line)))
        {
            return false;
        }
    }

    private static JournalHeader ReadHeader(ReadOnlySpan<byte> line, string path)
    {
        // Editors on Windows add a byte order mark.
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        JournalHeader? header = JsonSerializer.Deserialize(line.StartsWith(mark) ? line.Slice(mark.Length) : line, JournalJson.Header);
        return header switch
        {
            null or { Version: null } => throw JournalFault.NotAJournal(path),
            { Version: > JournalHeader.CurrentVersion } => throw JournalFault.Newer(path, header.Version.Value),
            { Version: < 1 } or { Id: null or "" } => throw JournalFault.Damaged(path, 1),
            _ => header,
        };
    }

    private static bool CouldBecomeHeader(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> opening = JournalHeader.Opening;
        return line.Length < opening.Length ? opening.StartsWith(line) : line.StartsWith(opening);
    }

    private static bool IsBlank(ReadOnlySpan<byte> line)
    {
        while (!line.IsEmpty && line[0] is (byte)' ' or (byte)'\t' or (byte)'\r')
        {
            line = line.Slice(1);
        }

        return line.IsEmpty;
    }
}
