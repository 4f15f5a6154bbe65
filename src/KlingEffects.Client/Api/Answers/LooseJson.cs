namespace KlingEffects.Api.Answers;

/// <summary>Finds the JSON values in a text and corrects them: other words around them (PHP warnings, JSONP, event streams), several
/// values, NaN and Python's words, control characters in strings, single quotes, numbers with leading zeros.</summary>
internal sealed class LooseJson(ReadOnlyMemory<byte> utf8)
{
    /// <summary>How many values may be unreadable before the search ends: each may cost a pass over the whole text.</summary>
    public const int MostFailures = 6;

    private const int LongestText = 4 * 1024 * 1024;
    private const int MostValues = 1000;
    private const int DeepestNesting = 64;
    private const string Structure = ",:{}[]";

    // A character for each byte, so that invalid UTF-8 is kept.
    private static readonly Encoding Bytes = Encoding.GetEncoding("iso-8859-1");

    private static readonly char[] WordEnds =
        [.. Enumerable.Range(0, ' ' + 1).Select(static symbol => (char)symbol), .. Structure, '"', '\''];

    // An event stream's comments and fields; of data only the field's name.
    private static readonly Regex StreamField =
        new("^(data:|(:|event:|id:|retry:).*)", RegexOptions.Multiline | RegexOptions.CultureInvariant);

    private static readonly Regex KnownEscape = new(@"\G\\(u[0-9A-Fa-f]{4}|[""\\/bfnrt])", RegexOptions.CultureInvariant);

    // A regex, because the parser would throw for every other word.
    private static readonly Regex Number = new(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant);
    private static readonly Regex Nothing = new(
        @"^(null|none|nil|undefined|-?nan|[+-]?inf(inity)?)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private readonly string _text =
        StreamField.Replace(Bytes.GetString(utf8.Slice(0, Math.Min(utf8.Length, LongestText)).ToArray()).Replace('\r', '\n'), "");
    private readonly StringBuilder _value = new();
    private int _at;

    public IEnumerable<JsonElement> Values(int mostFailures)
    {
        int start = 0;
        for (int failures = 0, found = 0; failures < mostFailures && found < MostValues;)
        {
            start = _text.IndexOfAny(['{', '['], Math.Min(start, _text.Length));
            if (start < 0)
            {
                yield break;
            }

            _at = start;
            _value.Clear();
            if (TryCopy() && JsonText.Parse(Bytes.GetBytes(_value.ToString()), allowTrailingCommas: true) is { } value)
            {
                found++;
                start = _at;
                yield return value;
            }
            else
            {
                // An object inside a broken one is a part of something else.
                failures++;
                start = BeginsObject(start) ? _at : start + 1;
            }
        }
    }

    private bool BeginsObject(int start) => _text[start] == '{' && _text.AsSpan(start + 1).TrimStart() is ['"', ..];

    // Copies and corrects one value; false if the text ends inside it.
    private bool TryCopy()
    {
        for (int depth = 0; _at < _text.Length && depth <= DeepestNesting;)
        {
            char symbol = _text[_at];
            if (symbol is '"' or '\'')
            {
                CopyString(symbol);
            }
            else if (symbol > ' ' && Structure.IndexOf(symbol) < 0)
            {
                CopyWord();
            }
            else
            {
                Copy(1);
                depth += symbol is '{' or '[' ? 1 : symbol is '}' or ']' ? -1 : 0;
                if (depth == 0)
                {
                    return true;
                }
            }
        }

        return false;
    }

    // An unknown escape such as \x is a backslash; an escaped single quote needs none.
    private void CopyString(char mark)
    {
        Copy(1, "\"");
        while (_at < _text.Length && _text[_at] != mark)
        {
            (int length, string? instead) = _text[_at] switch
            {
                '\\' when KnownEscape.IsMatch(_text, _at) => (2, null),
                '\\' when _at + 1 < _text.Length && _text[_at + 1] == '\'' => (2, "'"),
                '\\' => (1, @"\\"),
                < ' ' or '"' => (1, FormattableString.Invariant($"\\u{(int)_text[_at]:x4}")),
                _ => (1, (string?)null),
            };
            Copy(length, instead);
        }

        Copy(1, "\"");
    }

    private void CopyWord()
    {
        int end = _text.IndexOfAny(WordEnds, _at);
        string word = _text.Substring(_at, (end < 0 ? _text.Length : end) - _at);
        Copy(word.Length, Nothing.IsMatch(word) ? "null"
            : bool.TryParse(word, out bool flag) ? (flag ? "true" : "false")
            : Number.IsMatch(word) ? word
            : $"\"{word.Replace("\\", @"\\")}\"");
    }

    private void Copy(int length, string? instead = null)
    {
        _ = instead is null ? _value.Append(_text, _at, length) : _value.Append(instead);
        _at += length;
    }
}
