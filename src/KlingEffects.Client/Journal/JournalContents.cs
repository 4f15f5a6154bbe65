namespace KlingEffects.Journal;

/// <summary>What a journal's file says, and how much of it is whole.</summary>
internal sealed class JournalContents
{
    /// <summary>The first line, or null while the file has none that is whole.</summary>
    public JournalHeader? Header { get; private set; }

    public JobTable Jobs { get; private set; } = new();

    /// <summary>The bytes from the start that are whole lines; a torn line comes after them.</summary>
    public long Length { get; private set; }

    /// <summary>Whether the last whole line lacks its line break.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Reads the file from the stream's position to its end. A torn last line is passed over.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="path">Its path.</param>
    /// <param name="jobs">What the lines are added to; null for jobs of their own.</param>
    /// <exception cref="KlingException">JournalInvalid, with the number of the line that can't be read.</exception>
    public static JournalContents Read(Stream stream, string path, JobTable? jobs = null)
    {
        JournalContents contents = new() { Jobs = jobs ?? new() };
        contents.Jobs.Path = path;
        LineReader lines = new(stream);
        try
        {
            while (lines.TryRead(out ReadOnlySpan<byte> line))
            {
                if (!contents.TryTake(line, lines.Number == 1, lines.IsOpen, path))
                {
                    break;
                }

                contents.Length = lines.Ends;
                contents.IsOpen = lines.IsOpen;
            }
        }
        catch (Exception damage) when (damage is JsonException or InvalidDataException)
        {
            throw lines.Number <= 1
                ? JournalFault.NotAJournal(path)
                : JournalFault.Damaged(path, lines.Number);
        }

        return contents;
    }

    /// <summary>Looks at the first line only.</summary>
    /// <exception cref="KlingException">JournalInvalid: it is not one of a journal that can be written here.</exception>
    public static JournalHeader CheckHeader(Stream stream, string path)
    {
        try
        {
            return new LineReader(stream).TryRead(out ReadOnlySpan<byte> line)
                ? ReadHeader(WithoutMark(line), path)
                : throw JournalFault.NotAJournal(path);
        }
        catch (Exception damage) when (damage is JsonException or InvalidDataException)
        {
            throw JournalFault.NotAJournal(path);
        }
    }

    /// <summary>Cuts off a torn last line and ends an open one; gives a file without a header a new one.</summary>
    /// <param name="file">The file that was read, open for writing; left at its end.</param>
    /// <param name="header">Makes the first line of a journal that begins now.</param>
    public JournalHeader MakeWhole(FileStream file, Func<JournalHeader> header)
    {
        file.SetLength(Length);
        file.Position = Length;
        if (Header is null)
        {
            Header = header();
            JsonSerializer.Serialize(file, Header, JournalJson.Header);
            IsOpen = true;
        }

        if (IsOpen)
        {
            file.WriteByte((byte)'\n');
            IsOpen = false;
        }

        file.Flush(flushToDisk: true);
        return Header;
    }

    private bool TryTake(ReadOnlySpan<byte> line, bool isFirst, bool isLast, string path)
    {
        try
        {
            if (isFirst)
            {
                Header = ReadHeader(WithoutMark(line), path);
            }
            else if (!IsBlank(line))
            {
                Jobs.Apply(ReadEntry(line));
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
        JournalHeader? header = JsonSerializer.Deserialize(line, JournalJson.Header);
        return header switch
        {
            null or { Version: null } => throw JournalFault.NotAJournal(path),
            { Version: > JournalHeader.CurrentVersion } => throw JournalFault.Newer(path, header.Version.Value),
            { Version: < 1 } or { Id: null or "" } => throw JournalFault.Damaged(path, 1),
            _ => header,
        };
    }

    private static JournalEntry ReadEntry(ReadOnlySpan<byte> line) =>
        JsonSerializer.Deserialize(line, JournalJson.Entry) is { IsWhole: true } entry ? entry : throw new JsonException();

    private static bool CouldBecomeHeader(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> opening = JournalHeader.Opening;
        return line.Length < opening.Length ? opening.StartsWith(line) : line.StartsWith(opening);
    }

    // Editors of Windows put a byte order mark in front when a user saves the file.
    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        return line.StartsWith(mark) ? line.Slice(mark.Length) : line;
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
