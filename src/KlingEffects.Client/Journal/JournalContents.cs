namespace KlingEffects.Journal;

/// <summary>What a journal's file says, and how much of it is whole.</summary>
internal sealed class JournalContents(JobTable jobs)
{
    /// <summary>The first line, or null while the file has none that is whole.</summary>
    public JournalHeader? Header { get; private set; }

    public JobTable Jobs => jobs;

    /// <summary>The bytes from the start that are whole lines; a torn line comes after them.</summary>
    public long Length { get; private set; }

    /// <summary>Whether the last whole line lacks its line break.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether there is a journal, or what was rescued of one.</summary>
    public static bool Exists(string path) => File.Exists(path) || JournalRescue.Beside(path).Count > 0;

    /// <summary>Reads a journal that another process may be writing, with what was rescued of it.</summary>
    /// <exception cref="KlingException">JournalInvalid.</exception>
    public static JournalContents ReadWithRescues(string path)
    {
        IReadOnlyList<string> rescues = JournalRescue.Beside(path);
        JournalContents contents = rescues.Count > 0 && !File.Exists(path) ? new(new() { Path = path }) : Read(path, new());
        JournalRescue.TakeIn(rescues, contents.Jobs);
        return contents;
    }

    /// <summary>Reads one file of lines, whoever writes it.</summary>
    /// <exception cref="KlingException">JournalInvalid.</exception>
    public static JournalContents Read(string path, JobTable jobs)
    {
        try
        {
            using FileStream file = UnlockedFile.OpenRead(path);
            return Read(file, path, jobs);
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw JournalFault.Missing(path);
        }
        catch (Exception cause) when (JournalFault.IsOfTheFile(cause))
        {
            throw JournalFault.Unopened(path, cause);
        }
    }

    /// <summary>Reads from the stream's position to its end. A torn last line is passed over.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="path">Its path.</param>
    /// <param name="jobs">What the lines are added to; null to read the first line only.</param>
    /// <exception cref="KlingException">JournalInvalid, with the number of the line that can't be read.</exception>
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
        catch (Exception cause) when (JournalFault.IsOfTheFile(cause))
        {
            throw JournalFault.Unopened(path, cause);
        }
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
                jobs.Apply(JsonSerializer.Deserialize(line, JournalJson.Entry) is { IsWhole: true } entry ? entry : throw new JsonException());
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
        // Editors of Windows put a byte order mark in front when a user saves the file.
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
        foreach (byte character in line)
        {
            if (character is not ((byte)' ' or (byte)'\t' or (byte)'\r'))
            {
                return false;
            }
        }

        return true;
    }
}
