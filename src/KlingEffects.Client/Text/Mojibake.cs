namespace KlingEffects;

/// <summary>Names that were written in one encoding and read in another.</summary>
internal static class Mojibake
{
    private const char Replacement = '\uFFFD';

    // Windows-1252 between 0x80 and 0x9F; the rest is Latin 1.
    private const string Windows1252 = "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F"
        + "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // UTF-8 read as Windows-1251 (Cyrillic), as the console's 437 or 850, and twice through GBK.
    private static readonly Regex OtherTraces = new(
        @"([\u0420\u0421][\u00A0-\u00BF\u0402-\u040F\u0452-\u045F\u0490\u0491\u2010-\u203A\u20AC\u2116\u2122]){2,}"
            + @"|[\u251C\u252C\u255E\u2560][\u00A0-\u00FF\u2500-\u259F\u0192\u03B1-\u03C6]|\u951F\u65A4|\u00EF\u00BF\u00BD",
        RegexOptions.CultureInvariant);

    /// <summary>The advice for a name that looks like that, or null.</summary>
    public static string? Advice(string name, Func<string, bool> isThere)
    {
        if (name.Contains(Replacement))
        {
            return "The name holds the sign for letters that could not be read: the list is not in UTF-8. "
                + $"Read it in its own encoding, such as {Term.ReadAsAnsi}, or save it as UTF-8.";
        }

        string? meant = Meant(name);
        if (meant is null && !OtherTraces.IsMatch(name))
        {
            return null;
        }

        string found = meant is not null && isThere(meant) ? $" '{ServerText.Clean(meant)}' is there." : "";
        return $"The name looks like UTF-8 that was read in another encoding.{found} Read the list with {Term.ReadAsUtf8}.";
    }

    // The name if its letters are the bytes of UTF-8; or null.
    private static string? Meant(string name)
    {
        int[] bytes = [.. name.Select(static c => c <= 0xFF ? c : Windows1252.IndexOf(c) is >= 0 and var special ? 0x80 + special : -1)];
        try
        {
            bool isMeant = !bytes.Contains(-1) && bytes.Any(static one => one >= 0x80);
            return isMeant ? Strict.GetString([.. bytes.Select(static one => (byte)one)]) : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
