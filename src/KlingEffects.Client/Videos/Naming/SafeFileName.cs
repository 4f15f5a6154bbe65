namespace KlingEffects.Videos.Naming;

/// <summary>Turns any text into a file name's stem that every common file system accepts, and that stays in its folder.</summary>
internal static class SafeFileName
{
    /// <summary>Leaves room in 120 characters and 190 bytes for a number and an extension.</summary>
    public const int LongestStem = 104;

    public const int LongestStemBytes = 174;

    private const char Substitute = '_';

    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"];

    /// <summary>The text if it is safe; else a safe one with a digest of the text, so that two never become one.</summary>
    public static string From(string raw)
    {
        string safe = Trimmed(Cleaned(raw).Normalize(NormalizationForm.FormC));
        safe = IsDevice(safe) ? Substitute + safe : safe;
        if (safe == raw && Fits(safe, LongestStem, LongestStemBytes))
        {
            return safe;
        }

        string mark = "-" + Digest(raw);
        return Trimmed(Shortened(safe, LongestStem - mark.Length, LongestStemBytes - mark.Length)) + mark;
    }

    /// <summary>Eight hexadecimal digits, of malformed text too.</summary>
    public static string Digest(string text) => Sha256.Hex(Sha256.Hash(MemoryMarshal.AsBytes(text.AsSpan()).ToArray()), 4);

    public static bool IsAllowed(char c) => !char.IsControl(c) && !"<>:\"/\\|?*".Contains(c);

    private static string Cleaned(string raw)
    {
        StringBuilder clean = new(raw.Length);
        for (int i = 0; i < raw.Length; i++)
        {
            int length = char.IsSurrogatePair(raw, i) ? 2 : 1;
            bool isKept = IsAllowed(raw[i]) && HasFixedForm(CharUnicodeInfo.GetUnicodeCategory(raw, i));
            _ = isKept ? clean.Append(raw, i, length) : clean.Append(Substitute);
            i += length - 1;
        }

        return clean.ToString();
    }

    // Format characters are invisible; file systems differ on the rest.
    private static bool HasFixedForm(UnicodeCategory category) => category is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private static string Trimmed(string name)
    {
        int end = name.Length;
        for (; end > 0 && (name[end - 1] == '.' || char.IsWhiteSpace(name[end - 1])); end--)
        {
        }

        string trimmed = name.Substring(0, end).TrimStart();
        return trimmed.Length == 0 ? Substitute.ToString() : trimmed.TrimStart('.').PadLeft(trimmed.Length, Substitute);
    }

    private static bool IsDevice(string name)
    {
        string stem = name.Split('.')[0].TrimEnd();
        return Devices.Contains(stem, StringComparer.OrdinalIgnoreCase) || (stem.Length == 4
            && (stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase))
            && "0123456789¹²³".Contains(stem[3]));
    }

    private static bool Fits(string name, int characters, int bytes) =>
        name.Length <= characters && Encoding.UTF8.GetByteCount(name) <= bytes;

    private static string Shortened(string name, int characters, int bytes)
    {
        int length = Math.Min(name.Length, characters);
        while (!Fits(name.Substring(0, length), characters, bytes) || (length < name.Length && char.IsLowSurrogate(name[length])))
        {
            length--;
        }

        return name.Substring(0, length);
    }
}
