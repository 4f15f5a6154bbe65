namespace KlingEffects;

/// <summary>Knows the API key in what a server sends back, in any case and however its characters are escaped there.</summary>
internal sealed class KeyMask(string key)
{
    /// <summary>What stands in the key's place.</summary>
    public const string Mask = "[key]";

    // A shorter word stands in ids and addresses by chance, and no gateway issues such a key.
    private const int ShortestTelling = 8;
    private const int LongestSpelling = 8;
    private const int Hexadecimal = 16;

    /// <summary>No spelling of the key that is known here has more characters.</summary>
    public int LongestMatch => key.Length * LongestSpelling;

    /// <summary>Whether the text, an id or an address, carries the key. A try-out key such as <c>test</c> is in no text.</summary>
    public bool IsIn(string text) => key.Length >= ShortestTelling && IsSpelt(text);

    /// <summary>Whether the key's characters, were they no key's, stand anywhere in the text.</summary>
    public bool IsSpelt(string text)
    {
        for (int start = 0; start < text.Length; start++)
        {
            if (MatchAt(text, start) > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How many characters spell the key from here on; 0 if it does not stand here.</summary>
    public int MatchAt(string text, int start)
    {
        int end = start;
        foreach (char c in key)
        {
            int spelling = Spelling(text, end, c);
            if (spelling == 0)
            {
                return 0;
            }

            end += spelling;
        }

        return end - start;
    }

    // As it is, \u006B, \/, %6B, &#107; and &#x6B;
    private static int Spelling(string text, int start, char c)
    {
        if (start >= text.Length)
        {
            return 0;
        }

        return text[start] switch
        {
            '%' when Is(c, text, start + 1, 2, Hexadecimal) => 3,
            '\\' when start + 1 < text.Length && text[start + 1] is 'u' or 'U' && Is(c, text, start + 2, 4, Hexadecimal) => 6,
            '\\' when start + 1 < text.Length && text[start + 1] == c && !char.IsLetterOrDigit(c) => 2,
            '&' when EntitySpelling(text, start, c) is > 0 and int length => length,
            char literal when char.ToUpperInvariant(literal) == char.ToUpperInvariant(c) => 1,
            _ => 0,
        };
    }

    private static int EntitySpelling(string text, int start, char c)
    {
        int end = text.IndexOf(';', start, Math.Min(LongestSpelling, text.Length - start));
        if (end - start < 3 || text[start + 1] != '#')
        {
            return 0;
        }

        bool isHex = text[start + 2] is 'x' or 'X';
        int digits = start + (isHex ? 3 : 2);
        return Is(c, text, digits, end - digits, isHex ? Hexadecimal : 10) ? end + 1 - start : 0;
    }

    private static bool Is(char c, string text, int start, int count, int radix)
    {
        int code = 0;
        for (int at = start; at < start + count; at++)
        {
            int digit = at < text.Length ? "0123456789ABCDEF".IndexOf(char.ToUpperInvariant(text[at])) : -1;
            if (digit < 0 || digit >= radix)
            {
                return false;
            }

            code = (code * radix) + digit;
        }

        return count > 0 && code <= char.MaxValue && char.ToUpperInvariant((char)code) == char.ToUpperInvariant(c);
    }
}
