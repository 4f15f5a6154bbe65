namespace KlingEffects;

/// <summary>Text pasted from spreadsheets, mails and file managers, with invisible characters and quotation marks.</summary>
internal static class PastedText
{
    private static readonly string[] Quotes =
        ["\"\"", "''", "``", "\u201C\u201D", "\u201E\u201C", "\u2018\u2019", "\u201A\u2018", "\u00AB\u00BB"];

    /// <summary>The text without blanks around it: no-break spaces, byte order marks and direction marks too.</summary>
    public static string Trim(string text)
    {
        int start = text.TakeWhile(IsUnseen).Count();
        int seen = text.Length - start - Enumerable.Reverse(text).TakeWhile(IsUnseen).Count();
        return text.Substring(start, Math.Max(0, seen));
    }

    /// <summary>The trimmed text; null if it is blank.</summary>
    public static string? NullIfBlank(string? text) => Trim(text ?? "") is { Length: > 0 } trimmed ? trimmed : null;

    public static string Unquoted(string text)
    {
        string trimmed = Trim(text);
        return trimmed.Length > 1 && Array.Exists(Quotes, pair => trimmed[0] == pair[0] && trimmed[trimmed.Length - 1] == pair[1])
            ? Trim(trimmed.Substring(1, trimmed.Length - 2))
            : trimmed;
    }

    /// <summary>The text of a cell that may be written as <c>="123"</c>, or with an apostrophe before it.</summary>
    public static string OfCell(string text)
    {
        string trimmed = Trim(text);
        return Unquoted(trimmed.StartsWith("=\"", StringComparison.Ordinal) ? trimmed.Substring(1) : trimmed).TrimStart('\'');
    }

    public static bool HasQuote(string text) => text.Any(static c => Quotes.Any(pair => pair.Contains(c)));

    /// <summary>The text for quotation marks: blanks at its ends are shown, by name if they are no spaces.</summary>
    public static string Visible(string text)
    {
        string trimmed = Trim(text);
        if (trimmed.Length == text.Length || trimmed.Length == 0)
        {
            return ServerText.Clean(text) ?? "";
        }

        int start = text.IndexOf(trimmed, StringComparison.Ordinal);
        return Named(text.Substring(0, start)) + ServerText.Clean(trimmed) + Named(text.Substring(start + trimmed.Length));
    }

    private static string Named(string blanks) => string.Concat(blanks.Select(static c => c == ' ' ? " " : $"[U+{(int)c:X4}]"));

    private static bool IsUnseen(char c) =>
        char.IsWhiteSpace(c) || char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format;
}
