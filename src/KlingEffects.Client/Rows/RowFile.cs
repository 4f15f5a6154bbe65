namespace KlingEffects.Rows;

/// <summary>Reads the rows of a file, CSV or JSON by its extension.</summary>
internal static class RowFile
{
    private const string SaveAsCsv = "Save it as 'CSV UTF-8', or as JSON: an array of objects.";

    /// <exception cref="KlingException">RowsInvalid: no such file, one that can't be read, or no rows in it.</exception>
    public static IReadOnlyList<SourceRow> Read(string path)
    {
        string text = Decode(path, ReadBytes(path));
        bool isJson = Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase);
        return isJson ? JsonRows.Read(path, text) : CsvRows.Read(path, text);
    }

    private static byte[] ReadBytes(string path)
    {
        if (Directory.Exists(path))
        {
            throw RowsFault.Create(path, "this is a folder.", "Name the file of the rows.");
        }

        if (!File.Exists(path))
        {
            throw RowsFault.Create(
                path, "there is no such file.", "Check the path; it is taken literally and relative to the current location.");
        }

        try
        {
            // A program that has the file open to write may let others read it.
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using MemoryStream bytes = new();
            file.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw RowsFault.Create(
                path,
                $"the rows can't be read: {fault.Message}",
                "Close the program that has the file open, or see that the file may be read.",
                fault);
        }
    }

    private static string Decode(string path, byte[] bytes)
    {
        (Encoding encoding, int mark) = Detect(bytes);
        try
        {
            string text = encoding.GetString(bytes, mark, bytes.Length - mark);
            return text.IndexOf('\0') < 0 ? text : throw RowsFault.Create(path, "this is no text file.", SaveAsCsv);
        }
        catch (DecoderFallbackException fault)
        {
            throw RowsFault.Create(path, "this is neither UTF-8 nor UTF-16 text.", SaveAsCsv, fault);
        }
    }

    // Without a mark, the zeros of UTF-16 tell it: each ASCII letter has one, behind it or before it.
    private static (Encoding Encoding, int Mark) Detect(byte[] bytes)
    {
        int at(int index) => index < bytes.Length ? bytes[index] : -1;
        if ((at(0), at(1), at(2)) is (0xEF, 0xBB, 0xBF))
        {
            return (new UTF8Encoding(false, throwOnInvalidBytes: true), 3);
        }

        if ((at(0), at(1)) is (0xFF, 0xFE) or (0xFE, 0xFF))
        {
            return (new UnicodeEncoding(bigEndian: at(0) == 0xFE, byteOrderMark: false, throwOnInvalidBytes: true), 2);
        }

        int zero = Array.IndexOf(bytes, (byte)0, 0, Math.Min(bytes.Length, 1024));
        return zero < 0
            ? (new UTF8Encoding(false, throwOnInvalidBytes: true), 0)
            : (new UnicodeEncoding(bigEndian: zero % 2 == 0, byteOrderMark: false, throwOnInvalidBytes: true), 0);
    }
}
