namespace KlingEffects;

/// <summary>The one gate for text from outside. It makes one bounded line without API keys, logins, URL queries (which may be signatures),
/// terminal control characters and commands that a build log would execute.</summary>
internal static class ServerText
{
    private const int Longest = 500;
    private const int LongestId = 512;
    private const int LongestLogin = 2000;

    // Longer than any id or digest: an answer may repeat an image that was sent.
    private static readonly Regex Data = new(
        @"(?:[A-Za-z0-9+/]|\\/|\\u002[BbFf]){100,}={0,2}|(?:[A-Za-z0-9+/]|\\/|\\u002[BbFf]){24,}(?=…$)", RegexOptions.CultureInvariant);

    // user:password@ of any or no scheme, to the last @, unless a host with a port ends before it.
    private static readonly Regex Login = new(
        @"\G(?:(?<scheme>[a-z][a-z0-9+.-]*:(?:\\*/){2,})(?:[^\s""'<>/\\?#]*@|[^\s""'<>/\\?#@:]*:(?![0-9]*[/\\?#])[^\s""'<>]*@)"
        + @"|(?<scheme>(?:[a-z][a-z0-9+.-]+:[/\\]+)?)[^\s""'<>/\\?#@:]+:(?:[^\s""'<>/\\?#]*@|(?![0-9]*[/\\?#])[^\s""'<>]*@))",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    private static readonly Regex Command = new(
        @"##|\[\[[A-Za-z]|::[\w-].*::|section_(start|end):", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    private static readonly Regex PlainAddress = new(
        @"^https?://(\[[0-9a-f:.]+\]|[^\s/?#@:]+)(:[0-9]*)?([/?#]|$)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <summary>The text fit to print; null if nothing is left.</summary>
    public static string? Clean(string? text) => text is null ? null : Clean(text, text.Length, Longest);

    /// <summary>The text up to an end, fit to print. The rest is read too, because a key may span the end.</summary>
    public static string? Clean(string text, int end, int longest)
    {
        StringBuilder clean = new(Math.Min(end, longest + 1));
        Append(clean, text, end, longest);
        string line = clean.ToString().Trim();
        return line.Length == 0 ? null : line == text ? text : line;
    }

    public static void Append(StringBuilder clean, string text, int end, int longest)
    {
        int start = clean.Length;
        bool inUrl = false;
        bool hasLogin = text.Contains('@');
        for (int at = 0; at < end;)
        {
            if (clean.Length - start >= longest)
            {
                clean.Append('…');
                break;
            }

            bool isFirst = at == 0 || !(char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '+' or '-' or '.');
            inUrl = !EndsUrl(text[at]) && (inUrl || StartsUrl(text, at));
            if (KeyMask.MatchAt(text, at) is > 0 and int key)
            {
                clean.Append(KeyMask.Mask);
                at += key;
            }
            else if (isFirst && hasLogin && text.IndexOf('@', at, Math.Min(LongestLogin, text.Length - at)) >= 0
                && Login.Match(text, at) is { Success: true } login)
            {
                clean.Append(login.Groups["scheme"].Value);
                at += login.Length;
            }
            else if (inUrl && StartsQuery(text, at))
            {
                clean.Append("?…");
                while (at < text.Length && !EndsUrl(text[at]))
                {
                    at++;
                }
            }
            else
            {
                bool isPrintable = IsPrintable(text, at, out int units);
                clean.Append(!isPrintable || MakesCommand(clean, text, at) ? " " : "").Append(text, at, isPrintable ? units : 0);
                at += units;
            }
        }
    }

    /// <summary>An id unchanged if it is safe, else fit to print.</summary>
    public static string? Id(string? text) => text is not null && text.Length <= LongestId && IsData(text) ? text : Clean(text);

    /// <summary>Data unchanged if it is safe, however long, else fit to print.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Kept(string? text) => text is null || (IsData(text) && !Command.IsMatch(text)) ? text : Line(text);

    public static string Line(string text) => ((SafeText)text).ToString();

    /// <summary>Whether an id or address is printable and contains no key.</summary>
    public static bool IsData(string text) => IsPrintable(text) && !KeyMask.IsIn(text);

    /// <summary>The text without what may be an image's bytes.</summary>
    public static string? WithoutData(string? text) => text is null ? null : Data.Replace(text, "…");

    /// <summary>An address without its query and login.</summary>
    public static string WithoutQuery(string url)
    {
        int login = PlainAddress.IsMatch(url) ? -1 : url.LastIndexOf('@');
        int scheme = url.IndexOf("://", StringComparison.Ordinal) is var at and >= 0 && at < login ? at + 3 : 0;
        string open = login < 0 ? url : url.Remove(scheme, login + 1 - scheme);
        int end = open.IndexOfAny(['?', '#']);
        return Clean(end < 0 ? open : open.Substring(0, end)) ?? "";
    }

    public static bool IsPrintable(string text)
    {
        for (int at = 0, units; at < text.Length; at += units)
        {
            if (!IsPrintable(text, at, out units))
            {
                return false;
            }
        }

        return true;
    }

    // ##vso[, ##[, ##teamcity[; ::error::, but not [::1]; [[ATTACHMENT|; section_start:. Anywhere, because lines may be wrapped.
    private static bool MakesCommand(StringBuilder clean, string text, int at) => text[at] switch
    {
        '#' => EndsWith(clean, "#"),
        '[' => EndsWith(clean, "[") && at + 1 < text.Length && char.IsLetter(text[at + 1]),
        ':' => EndsWith(clean, "section_start") || EndsWith(clean, "section_end") || (EndsWith(clean, ":")
            && text.Skip(at + 1).TakeWhile(static c => char.IsLetterOrDigit(c) || c is '-' or '_').Any(static c => !Uri.IsHexDigit(c))),
        _ => false,
    };

    private static bool EndsWith(StringBuilder text, string end) => text.Length >= end.Length
        && string.Equals(text.ToString(text.Length - end.Length, end.Length), end, StringComparison.OrdinalIgnoreCase);

    // Format characters include bidirectional overrides; joiners are used in some scripts and emoji.
    private static bool IsPrintable(string text, int at, out int units)
    {
        units = at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
        return text[at] is >= ' ' and <= '~' || CharUnicodeInfo.GetUnicodeCategory(text, at) is not (
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate) && text[at] < '\uFFFE'
            || (text[at] is '\u200C' or '\u200D' && IsJoined(text, at - 1) && IsJoined(text, at + 1));
    }

    private static bool IsJoined(string text, int at) => at >= 0 && at < text.Length && text[at] > 127
        && (char.IsSurrogate(text[at]) || char.IsLetter(text[at]) || CharUnicodeInfo.GetUnicodeCategory(text[at])
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.OtherSymbol);

    private static bool StartsUrl(string text, int at) => text[at] is 'h' or 'H' && (Has(text, at, "http:") || Has(text, at, "https:"));

    private static bool StartsQuery(string text, int at) => text[at] is '?' or '#' || (text[at] == '\\' && Has(text, at, "\\u003f"));

    private static bool Has(string text, int at, string part) =>
        string.Compare(text, at, part, 0, part.Length, StringComparison.OrdinalIgnoreCase) == 0;

    private static bool EndsUrl(char c) => c is '"' or '\'' or '<' or '>' || char.IsWhiteSpace(c);
}
