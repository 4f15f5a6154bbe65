namespace KlingEffects;

/// <summary>Finds the secrets of this process (API keys, proxy passwords) in any text: whole or in part, in any case, escaped, in
/// hexadecimal or base64. No text shows one, and no requested address contains one.</summary>
internal static class KeyMask
{
    public const string Mask = "[key]";

    // For a service with a key per customer: the newest ones.
    private const int MostKept = 64;

    // Shorter words occur by chance, and no gateway issues such a key.
    private const int ShortestTelling = 8;
    private const int ShortestWord = 5;
    private const int LongestPiece = 12;
    private const int FewestDigits = 3;
    private const int FewestCharacters = 5;
    private const int LongestSpelling = 8;
    private const int Hexadecimal = 16;
    private const int CharacterBits = 7;

    private static readonly object Gate = new();
    private static readonly List<string> Keys = [];

    // By the first character of each piece.
    private static Dictionary<char, Piece[]> s_pieces = [];

    // The first two characters of all pieces: most positions need only this look.
    private static bool[] s_beginnings = new bool[1 << (2 * CharacterBits)];

    /// <summary>The most characters that a key can be spelt in.</summary>
    public static int LongestMatch =>
        LongestSpelling * Volatile.Read(ref s_pieces).Values.Max(static all => (int?)all.Max(static piece => piece.Form.Length)) ?? 0;

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
            Piece[] pieces = [.. Keys.SelectMany(PiecesOf)];
            bool[] beginnings = new bool[s_beginnings.Length];
            Array.ForEach(pieces, piece => beginnings[Pair(piece.Form[piece.From], piece.Form[piece.From + 1])] = true);
            Volatile.Write(ref s_beginnings, beginnings);
            Volatile.Write(ref s_pieces, pieces
                .GroupBy(static piece => char.ToUpperInvariant(piece.Form[piece.From]))
                .ToDictionary(static group => group.Key, static group => group.ToArray()));
        }
    }

    /// <summary>Whether an address or id contains a key or a piece of one, except a trial key such as <c>test</c>.</summary>
    public static bool IsIn(string text)
    {
        // Runs for every field of every job, so nothing is allocated.
        for (int start = 0; start < text.Length; start++)
        {
            if (MatchAt(text, start, anyKey: false) > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How many characters from here on spell a key or a piece of one; or 0.</summary>
    public static int MatchAt(string text, int start) => MatchAt(text, start, anyKey: true);

    // Runs for every character of every text, so nothing is allocated.
    private static int MatchAt(string text, int start, bool anyKey) => !MayBeginAt(text, start) ? 0 : Math.Max(
        LongestAt(text, start, text[start], anyKey),
        Escaped(text, start) is { Length: > 0 } escaped ? LongestAt(text, start, escaped.Character, anyKey) : 0);

    private static bool MayBeginAt(string text, int start) => start + 1 < text.Length
        && (text[start] is '%' or '\\' or '&' || text[start + 1] is '%' or '\\' or '&'
            || Volatile.Read(ref s_beginnings)[Pair(text[start], text[start + 1])]);

    private static int Pair(char first, char second) => (Folded(first) << CharacterBits) | Folded(second);

    private static int Folded(char c) => char.ToUpperInvariant(c) & ((1 << CharacterBits) - 1);

    private static int LongestAt(string text, int start, char first, bool anyKey)
    {
        int longest = 0;
        foreach (Piece piece in Volatile.Read(ref s_pieces).TryGetValue(char.ToUpperInvariant(first), out Piece[]? pieces) ? pieces : [])
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

    // The shortest piece from each place that is no word: soon if it has digits, never before it has some characters.
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

    // The base64 of the bytes after others, without the characters that depend on their neighbours.
    private static string Base64(byte[] bytes, int before)
    {
        string whole = Convert.ToBase64String([.. new byte[before], .. bytes]);
        int from = ((before * 8) + 5) / 6;
        return whole.Substring(from, ((before + bytes.Length) * 8 / 6) - from);
    }

    private static bool IsOfWord(string text, int at) => at >= 0 && at < text.Length && char.IsLetterOrDigit(text[at]);

    // How many characters of the text spell the piece.
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

    private static int Spelling(string text, int start, char c) => start >= text.Length ? 0
        : Escaped(text, start) is { Length: > 0 } escaped && IsSame(escaped.Character, c) ? escaped.Length
        : IsSame(text[start], c) ? 1
        : 0;

    private static bool IsSame(char one, char other) => char.ToUpperInvariant(one) == char.ToUpperInvariant(other);

    // The character and length of %6B, %256B, \u006B, \x6B, \/, &#107; or &#x6B;; length 0 if nothing is escaped.
    private static (char Character, int Length) Escaped(string text, int start)
    {
        int at = start + 1;
        switch (text[start])
        {
            case '%':
                while (string.CompareOrdinal(text, at, "25", 0, 2) == 0)
                {
                    at += 2;
                }

                return (Coded(text, at, at + 2, Hexadecimal), at + 2 - start);
            case '\\':
                while (at < text.Length && text[at] == '\\')
                {
                    at++;
                }

                int digits = at == text.Length ? 0 : text[at] switch { 'u' or 'U' => 4, 'x' or 'X' => 2, _ => 0 };
                return at == text.Length || (digits == 0 && char.IsLetterOrDigit(text[at])) ? default
                    : (digits == 0 ? text[at] : Coded(text, at + 1, at + 1 + digits, Hexadecimal), at + 1 + digits - start);
            case '&' when string.CompareOrdinal(text, at, "#", 0, 1) == 0:
                int end = text.IndexOf(';', start, Math.Min(LongestSpelling, text.Length - start));
                bool isHex = at + 1 < text.Length && text[at + 1] is 'x' or 'X';
                return (isHex ? Coded(text, at + 2, end, Hexadecimal) : Coded(text, at + 1, end, 10), end + 1 - start);
            default:
                return default;
        }
    }

    // The character of a number; '\0', which no key has, if it is none.
    private static char Coded(string text, int start, int end, int radix)
    {
        int code = 0;
        for (int at = start; at < end; at++)
        {
            int digit = at < text.Length ? "0123456789ABCDEF".IndexOf(char.ToUpperInvariant(text[at])) : -1;
            if (digit < 0 || digit >= radix)
            {
                return default;
            }

            code = (code * radix) + digit;
        }

        return code <= char.MaxValue ? (char)code : default;
    }

    /// <summary>A spelling of a key, from which place on, and how much of it counts.</summary>
    private readonly record struct Piece(string Form, int From, int Least, bool IsTelling);
}
