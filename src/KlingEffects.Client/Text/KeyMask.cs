namespace KlingEffects;

/// <summary>
/// Knows the secrets that this process has used, API keys and passwords of proxies, in any text: whole or a telling piece, in any case,
/// escaped, as hexadecimal digits or within base64. No text shows one, and no address that is asked for has one.
/// </summary>
internal static class KeyMask
{
    /// <summary>What stands in the key's place.</summary>
    public const string Mask = "[key]";

    // Whoever hands out keys of its own, one a customer, uses the newest.
    private const int MostKept = 64;

    // A shorter word stands in ids and addresses by chance, and no gateway issues such a key.
    private const int ShortestTelling = 8;
    private const int ShortestWord = 5;
    private const int LongestPiece = 12;
    private const int FewestDigits = 3;
    private const int FewestCharacters = 5;
    private const int LongestSpelling = 8;
    private const int Hexadecimal = 16;

    private static readonly object Gate = new();
    private static readonly List<string> Keys = [];

    // Of all keys, by the characters that a spelling of the piece can begin with.
    private static Dictionary<char, Piece[]> s_pieces = [];

    /// <summary>No spelling of a key has more characters.</summary>
    public static int LongestMatch =>
        Volatile.Read(ref s_pieces).Values.SelectMany(static pieces => pieces).Select(static piece => piece.Form.Length * LongestSpelling).DefaultIfEmpty().Max();

    /// <summary>From now on the key is known.</summary>
    public static void Add(string key)
    {
        lock (Gate)
        {
            if (key.Length == 0 || Keys.Contains(key))
            {
                return;
            }

            Keys.RemoveRange(0, Keys.Count == MostKept ? 1 : 0);
            Keys.Add(key);
            Volatile.Write(ref s_pieces, Keys.SelectMany(PiecesOf)
                .SelectMany(static piece => (@"%\&" + char.ToUpperInvariant(piece.Form[piece.From])).Distinct(), static (piece, start) => (piece, start))
                .GroupBy(static entry => entry.start, static entry => entry.piece)
                .ToDictionary(static group => group.Key, static group => group.ToArray()));
        }
    }

    /// <summary>
    /// Whether an address or an id carries a key, or a piece of one, in whatever spelling: it is not sent, followed or kept. A try-out key
    /// such as <c>test</c> is in no text.
    /// </summary>
    public static bool IsIn(string text)
    {
        for (int start = 0; start < text.Length; start++)
        {
            if (MatchAt(text, start, anyKey: false) > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How many characters spell a key, or a piece of one, from here on; 0 if none stands here.</summary>
    public static int MatchAt(string text, int start) => MatchAt(text, start, anyKey: true);

    // Every character of every text comes by here, so that nothing is allocated.
    private static int MatchAt(string text, int start, bool anyKey)
    {
        int longest = 0;
        foreach (Piece piece in Volatile.Read(ref s_pieces).TryGetValue(char.ToUpperInvariant(text[start]), out Piece[]? pieces) ? pieces : [])
        {
            if ((piece.IsTelling || anyKey) && Length(text, start, piece) is var length && length > longest
                && (piece.IsTelling || !(IsOfWord(text, start - 1) || IsOfWord(text, start + length))))
            {
                longest = length;
            }
        }

        return longest;
    }

    private static IEnumerable<Piece> PiecesOf(string key)
    {
        if (key.Length < ShortestTelling)
        {
            return key.Length < ShortestWord ? [] : [new Piece(key, 0, key.Length, IsTelling: false)];
        }

        byte[] bytes = Encoding.UTF8.GetBytes(key);
        string[] encoded =
        [
            string.Concat(bytes.Select(static one => one.ToString("X2", CultureInfo.InvariantCulture))),
            .. Enumerable.Range(0, 3).Select(before => Base64(bytes, before)),
        ];
        return encoded.Concat(encoded.Select(static form => form.Replace('+', '-').Replace('/', '_'))).Distinct().Prepend(key)
            .SelectMany(form => PiecesOf(form, key));
    }

    // Where each place of the form begins to tell: soon where digits show that it is no word, and never before it has some characters of its own.
    private static IEnumerable<Piece> PiecesOf(string form, string key)
    {
        for (int from = 0; from < form.Length; from++)
        {
            int shortest = ShortestTelling * form.Length / key.Length;
            int longest = LongestPiece * form.Length / key.Length;
            int least = Enumerable.Range(shortest, form.Length - shortest + 1).FirstOrDefault(length => from + length <= form.Length
                && form.Skip(from).Take(length).Distinct().Count() >= FewestCharacters
                && (length >= longest || form.Skip(from).Take(length).Count(char.IsDigit) >= FewestDigits));
            if (least > 0 || from == 0)
            {
                yield return new Piece(form, from, least > 0 ? least : form.Length, IsTelling: true);
            }
        }
    }

    // Of the bytes at any place within others: what does not hang on its neighbours.
    private static string Base64(byte[] bytes, int before)
    {
        string whole = Convert.ToBase64String([.. new byte[before], .. bytes]);
        int from = ((before * 8) + 5) / 6;
        return whole.Substring(from, ((before + bytes.Length) * 8 / 6) - from);
    }

    private static bool IsOfWord(string text, int at) => at >= 0 && at < text.Length && char.IsLetterOrDigit(text[at]);

    // How much of the text spells the form from there on.
    private static int Length(string text, int start, Piece piece)
    {
        int end = start;
        int at = piece.From;
        while (at < piece.Form.Length && Spelling(text, end, piece.Form[at]) is > 0 and int length)
        {
            end += length;
            at++;
        }

        return at - piece.From >= piece.Least ? end - start : 0;
    }

    // As it is, \u006B, \/, %6B, %256B, &#107; and &#x6B;
    private static int Spelling(string text, int start, char c)
    {
        if (start >= text.Length)
        {
            return 0;
        }

        int length = text[start] switch
        {
            '%' => PercentSpelling(text, start, c),
            '\\' => BackslashSpelling(text, start, c),
            '&' => EntitySpelling(text, start, c),
            _ => 0,
        };
        return length > 0 ? length : char.ToUpperInvariant(text[start]) == char.ToUpperInvariant(c) ? 1 : 0;
    }

    private static int PercentSpelling(string text, int start, char c)
    {
        int digits = start + 1;
        while (string.CompareOrdinal(text, digits, "25", 0, 2) == 0)
        {
            digits += 2;
        }

        return Is(c, text, digits, 2, Hexadecimal) ? digits + 2 - start : 0;
    }

    private static int BackslashSpelling(string text, int start, char c)
    {
        int at = start;
        while (at < text.Length && text[at] == '\\')
        {
            at++;
        }

        return at == text.Length ? 0
            : text[at] is 'u' or 'U' && Is(c, text, at + 1, 4, Hexadecimal) ? at + 5 - start
            : text[at] is 'x' or 'X' && Is(c, text, at + 1, 2, Hexadecimal) ? at + 3 - start
            : text[at] == c && !char.IsLetterOrDigit(c) ? at + 1 - start
            : 0;
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

    /// <summary>Where a spelling of the key may begin to be told, and how much of it has to stand there.</summary>
    private readonly record struct Piece(string Form, int From, int Least, bool IsTelling);
}
