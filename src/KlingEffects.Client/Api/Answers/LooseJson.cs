using System.Text.RegularExpressions;

namespace KlingEffects.Api.Answers;

/// <summary>
/// Finds the JSON values in a text and reads them as if they were written rightly: words before, between and behind them (PHP's warnings, JSONP,
/// several objects), NaN and Python's words, control characters in strings, single quotation marks, numbers with zeros before them.
/// </summary>
internal sealed class LooseJson(ReadOnlyMemory<byte> utf8)
{
    /// <summary>More of an answer is not searched.</summary>
    public const int LongestText = 4 * 1024 * 1024;

    /// <summary>After so many values that can't be read, no more are looked for: each may cost a reading of the whole text.</summary>
    public const int MostFailures = 6;

    private const int MostValues = 1000;
    private const int DeepestNesting = 64;

    // Parsing words to see whether they are numbers would throw for each that is none.
    private static readonly Regex Number = new(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?(e[+-]?[0-9]+)?\z", RegexOptions.CultureInvariant);
    private static readonly Regex Nothing = new(@"^(null|none|nil|undefined|-?nan|[+-]?inf(inity)?)\z", RegexOptions.CultureInvariant);

    private readonly byte[] _text = utf8.ToArray();
    private readonly List<byte> _value = [];
    private int _at;

    /// <summary>The objects and arrays that are whole, in their order.</summary>
    public IEnumerable<JsonElement> Values(int mostFailures)
    {
        for (int failures = 0, found = 0, start = 0; failures < mostFailures && found < MostValues;)
        {
            start = Array.FindIndex(_text, Math.Min(start, _text.Length), static symbol => symbol is (byte)'{' or (byte)'[');
            if (start < 0)
            {
                yield break;
            }

            _at = start;
            _value.Clear();
            JsonElement? read = TryCopy() ? JsonText.Parse(_value.ToArray(), allowTrailingCommas: true) : null;
            // What lies within an object that is cut off or can't be read is a part of something else.
            start = read is not null || BeginsObject(start) ? _at : start + 1;
            failures += read is null ? 1 : 0;
            if (read is { } value)
            {
                found++;
                yield return value;
            }
        }
    }

    private bool BeginsObject(int start) => _text[start] == '{'
        && Array.FindIndex(_text, start + 1, static symbol => symbol > ' ') is var first && first > 0 && _text[first] == '"';

    // Copies one value, put right; false where the text ends within it.
    private bool TryCopy()
    {
        int depth = 0;
        while (_at < _text.Length && depth <= DeepestNesting)
        {
            byte symbol = _text[_at];
            if (symbol is (byte)'"' or (byte)'\'')
            {
                CopyString();
            }
            else if (symbol <= ' ' || ",:{}[]"u8.IndexOf(symbol) >= 0)
            {
                Copy();
                depth += symbol is (byte)'{' or (byte)'[' ? 1 : symbol is (byte)'}' or (byte)']' ? -1 : 0;
                if (depth == 0)
                {
                    return true;
                }
            }
            else
            {
                CopyWord();
            }
        }

        return false;
    }

    private void CopyString()
    {
        byte mark = _text[_at++];
        _value.Add((byte)'"');
        while (_at < _text.Length && _text[_at] != mark)
        {
            byte symbol = _text[_at];
            if (symbol == '\\')
            {
                CopyEscape();
            }
            else if (symbol < ' ' || symbol == '"')
            {
                Write($"\\u{symbol:x4}");
                _at++;
            }
            else
            {
                Copy();
            }
        }

        _at++;
        _value.Add((byte)'"');
    }

    // What JSON does not know, such as \x or \d, is the backslash itself; a single quotation mark needs none.
    private void CopyEscape()
    {
        byte next = _at + 1 < _text.Length ? _text[_at + 1] : (byte)0;
        bool isKnown = next == 'u' ? Array.FindIndex(_text, _at + 2, static digit => !Uri.IsHexDigit((char)digit)) is var end && (end < 0 ? _text.Length : end) >= _at + 6
            : "\"\\/bfnrt"u8.IndexOf(next) >= 0;
        if (isKnown)
        {
            Copy();
            Copy();
            return;
        }

        _at++;
        if (next == '\'')
        {
            Copy();
        }
        else
        {
            Write("\\\\");
        }
    }

    private void CopyWord()
    {
        int end = Array.FindIndex(_text, _at, static symbol => symbol <= ' ' || ",:{}[]\"'"u8.IndexOf(symbol) >= 0);
        end = end < 0 ? _text.Length : end;
        string word = Encoding.UTF8.GetString(_text, _at, end - _at);
        string lower = word.ToLowerInvariant();
        _at = end;
        Write(Nothing.IsMatch(lower) ? "null"
            : lower is "true" or "false" ? lower
            : Number.IsMatch(lower) ? word
            : $"\"{JsonEncodedText.Encode(word)}\"");
    }

    private void Copy() => _value.Add(_text[_at++]);

    private void Write(string text) => _value.AddRange(Encoding.UTF8.GetBytes(text));
}
