namespace KlingEffects.Journal;

/// <summary>Adds a few lines to a journal that nobody holds: held for that moment only, and not read as a whole.</summary>
internal static class JournalAppend
{
    /// <summary>Writes a line for each entry behind the last whole one.</summary>
    /// <exception cref="KlingException">JournalLocked or JournalInvalid; nothing was changed.</exception>
    public static void Write(string path, IEnumerable<JournalEntry> entries, TimeProvider time)
    {
        byte[] lines = JournalJson.Lines(entries);
        // The guard first: whoever finds the file locked then sees that it is for a moment.
        using JournalGuard? guard = JournalFile.Guard(path, isBrief: true, time);
        using FileStream file = JournalFile.Hold(path, static path => JournalFile.OpenAlone(path, FileMode.Open));
        JournalFile.Read(() => JournalContents.CheckHeader(file, path), path);
        try
        {
            bool isOpen = CutTorn(file);
            file.Position = file.Length;
            if (isOpen)
            {
                file.WriteByte((byte)'\n');
            }

            file.Write(lines, 0, lines.Length);
            file.Flush(flushToDisk: true);
        }
        catch (Exception cause) when (JournalFile.IsOfTheFile(cause))
        {
            throw JournalFault.Unwritten(path, cause);
        }
    }

    // Leaves whole lines only; true where the last of them lacks its line break.
    private static bool CutTorn(FileStream file)
    {
        long end = file.Length;
        int length = (int)Math.Min(end, LineReader.Longest);
        byte[] tail = JournalFile.ReadAt(file, end - length, length);
        int begin = Array.LastIndexOf(tail, (byte)'\n') + 1;
        bool isOpen = begin < length && IsWhole(tail.AsSpan(begin));
        if (!isOpen)
        {
            file.SetLength(end - (length - begin));
        }

        return isOpen;
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
}
