using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace KlingEffects;

/// <summary>
/// Makes text that came from a server fit to print: one line, bounded, without control sequences, the key, or the query of a
/// URL, which may be a signature.
/// </summary>
internal static class ServerText
{
    private const int Longest = 500;
    private const int LongestId = 512;

    // Longer than any id or digest; an answer may repeat what it was sent, images too.
    private static readonly Regex Data = new(
        @"(?:[A-Za-z0-9+/]|\\/|\\u002[BbFf]){100,}={0,2}|(?:[A-Za-z0-9+/]|\\/|\\u002[BbFf]){24,}(?=…$)", RegexOptions.CultureInvariant);

    /// <summary>The text fit to print; null where nothing of it is left.</summary>
    public static string? Clean(string? text, KeyMask? mask = null) =>
        text is null ? null : Clean(text, text.Length, mask, Longest);

    /// <summary>The text fit to print.</summary>
    /// <param name="text">What came.</param>
    /// <param name="end">Where to stop. What stands behind it is looked at too: it tells a key that begins before.</param>
    /// <param name="mask">The key that must not be seen.</param>
    /// <param name="longest">How many characters to give.</param>
    public static string? Clean(string text, int end, KeyMask? mask, int longest)
    {
        if (end == text.Length && end <= longest && IsPlain(text, mask))
        {
            return NullIfEmpty(text);
        }

        StringBuilder clean = new(Math.Min(text.Length, longest + 1));
        bool inUrl = false;
        for (int at = 0; at < end;)
        {
            if (clean.Length >= longest)
            {
                clean.Append('…');
                break;
            }

            inUrl = !EndsUrl(text[at]) && (inUrl || StartsUrl(text, at));
            if (mask?.MatchAt(text, at) is > 0 and int key)
            {
                clean.Append(KeyMask.Mask);
                at += key;
            }
            else if (inUrl && EndOfUserInfo(text, at) is var host and > 0)
            {
                clean.Append("//");
                at = host;
            }
            else if (inUrl && StartsQuery(text, at))
            {
                clean.Append("?…");
                at = EndOfUrl(text, at);
            }
            else if (IsPrintable(text, at, out int units))
            {
                clean.Append(text, at, units);
                at += units;
            }
            else
            {
                clean.Append(' ');
                at += units;
            }
        }

        return NullIfEmpty(clean.ToString());
    }

    /// <summary>The user's own id as it came, or fit to print where it can't be left as it is.</summary>
    public static string? Id(string? text, KeyMask? mask) =>
        text is not null && text.Length <= LongestId && IsPrintable(text) && mask?.IsIn(text) != true ? text : Clean(text, mask);

    /// <summary>The text without what may be an image's bytes.</summary>
    public static string? WithoutData(string? text) => text is null ? null : Data.Replace(text, "…");

    public static string WithoutQuery(string url)
    {
        int end = url.IndexOfAny(['?', '#']);
        return Clean(end < 0 ? url : url.Substring(0, end)) ?? "";
    }

    /// <summary>Whether the text can be printed as it is.</summary>
    public static bool IsPrintable(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            if (!IsPrintable(text, at, out int units))
            {
                return false;
            }

            at += units;
        }

        return true;
    }

    // Nothing in it could have to be changed; as most texts are, of which a batch has thousands.
    private static bool IsPlain(string text, KeyMask? mask) =>
        IsPrintable(text) && !text.Contains("http", StringComparison.OrdinalIgnoreCase) && mask?.IsSpelt(text) != true;

    private static string? NullIfEmpty(string text)
    {
        string line = text.Trim();
        return line.Length == 0 ? null : line;
    }

    // Format characters hold the bidirectional overrides that make text read otherwise than it is.
    private static bool IsPrintable(string text, int at, out int units)
    {
        units = at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
        return CharUnicodeInfo.GetUnicodeCategory(text, at) is not (
            UnicodeCategory.Control or
            UnicodeCategory.Format or
            UnicodeCategory.LineSeparator or
            UnicodeCategory.ParagraphSeparator or
            UnicodeCategory.PrivateUse or
            UnicodeCategory.Surrogate);
    }

    private static bool StartsUrl(string text, int at) =>
        string.Compare(text, at, "http:", 0, 5, StringComparison.OrdinalIgnoreCase) == 0
        || string.Compare(text, at, "https:", 0, 6, StringComparison.OrdinalIgnoreCase) == 0;

    // Where the host begins, if a name and a password stand before it; else 0.
    private static int EndOfUserInfo(string text, int at)
    {
        if (at == 0 || text[at - 1] != ':' || string.CompareOrdinal(text, at, "//", 0, 2) != 0)
        {
            return 0;
        }

        int host = 0;
        for (int i = at + 2; i < text.Length && !EndsUrl(text[i]) && text[i] is not ('/' or '?' or '#'); i++)
        {
            host = text[i] == '@' ? i + 1 : host;
        }

        return host;
    }

    // As it is or, in JSON that was not parsed, escaped.
    private static bool StartsQuery(string text, int at) =>
        text[at] is '?' or '#'
        || (text[at] == '\\' && string.Compare(text, at, "\\u003f", 0, 6, StringComparison.OrdinalIgnoreCase) == 0);

    private static bool EndsUrl(char c) => c is '"' or '\'' or '<' or '>' || char.IsWhiteSpace(c);

    private static int EndOfUrl(string text, int at)
    {
        while (at < text.Length && !EndsUrl(text[at]))
        {
            at++;
        }

        return at;
    }
}
