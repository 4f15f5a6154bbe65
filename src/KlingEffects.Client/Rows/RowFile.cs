namespace KlingEffects.Rows;

/// <summary>Reads the rows of a file, CSV or JSON by its extension.</summary>
internal static class RowFile
{
    private const string SaveAsCsv = "Save it as 'CSV UTF-8', or as JSON: an array of objects.";

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <exception cref="KlingException">RowsInvalid: no such file, one that can't be read, or no rows in it.</exception>
    public static IReadOnlyList<SourceRow> Read(string path)
    {
        string text = Decode(path, ReadBytes(path));
        bool isJson = Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase);
        return isJson ? JsonRows.Read(path, text) : CsvRows.Read(path, text);
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            // Another program may have the file open for writing.
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using MemoryStream bytes = new();
            file.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (Exception fault) when (FileFault.IsOfFile(fault))
        {
            const string IsNowhere = "Check the path; it is taken literally and relative to the current location.";
            const string IsHeld = "Close the program that has the file open, or see that the file may be read.";
            throw Directory.Exists(path) ? RowsFault.Create(path, "this is a folder.", "Name the file of the rows.")
                : !File.Exists(path) ? RowsFault.Create(path, "there is no such file.", IsNowhere)
                : RowsFault.Create(path, $"the rows can't be read: {fault.Message}", IsHeld, fault);
        }
    }

    private static string Decode(string path, byte[] bytes)
    {
        // UTF-16 without a mark has zeros before or after ASCII letters.
        (Encoding encoding, int mark) = bytes switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (Utf8, 3),
            [0xFF, 0xFE, ..] => (Utf16(isBigEndian: false), 2),
            [0xFE, 0xFF, ..] => (Utf16(isBigEndian: true), 2),
            _ when Array.IndexOf(bytes, (byte)0, 0, Math.Min(bytes.Length, 1024)) is >= 0 and var zero => (Utf16(zero % 2 == 0), 0),
            _ => ((Encoding)Utf8, 0),
        };
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

    private static UnicodeEncoding Utf16(bool isBigEndian) => new(isBigEndian, byteOrderMark: false, throwOnInvalidBytes: true);
}
