using System.Text.Json;

namespace KlingEffects.Journal;

/// <summary>Adds a few lines to a journal that nobody holds: held for that moment only, and not read as a whole.</summary>
internal static class JournalAppend
{
    /// <summary>Writes the lines behind the last whole one.</summary>
    /// <param name="path">The journal.</param>
    /// <param name="lines">What to add.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="KlingException">JournalLocked or JournalInvalid; nothing was changed.</exception>
    public static void Write(string path, JournalBatch lines, TimeProvider time)
    {
        // The guard first: whoever finds the file locked then sees that it is for a moment.
        using JournalGuard? guard = JournalFile.Guard(path, isBrief: true, time);
        using FileStream file = JournalFile.Hold(path, static path => new FileStream(
            path, FileMode.Open, FileAccess.ReadWrite, JournalFile.WhileHeld, bufferSize: 1));
        JournalFile.Read(() => JournalContents.CheckHeader(file, path), path);
        try
        {
            bool isOpen = CutTorn(file);
            byte[] bytes = lines.ToBytes();
            file.Position = file.Length;
            if (isOpen)
            {
                file.WriteByte((byte)'\n');
            }

            file.Write(bytes, 0, bytes.Length);
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
        byte[] tail = new byte[length];
        file.Position = end - length;
        for (int read = 0, more = 1; read < length && more > 0; read += more)
        {
            more = file.Read(tail, read, length - read);
        }

        int begin = Array.LastIndexOf(tail, (byte)'\n') + 1;
        if (begin == length)
        {
            return false;
        }

        if (IsWhole(tail.AsSpan(begin)))
        {
            return true;
        }

        file.SetLength(end - (length - begin));
        return false;
    }

    private static bool IsWhole(ReadOnlySpan<byte> line)
    {
        try
        {
            JournalEntry? entry = JsonSerializer.Deserialize(line, JournalJson.Entry);
            return entry is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
