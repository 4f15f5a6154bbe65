using System.Text;
using System.Text.Json;

namespace KlingEffects.Api.Answers;

/// <summary>
/// Finds the JSON values in a text and reads them as if they were written rightly: words before, between and behind them (PHP's warnings, JSONP,
/// several objects), NaN and Python's words, control characters in strings, single quotation marks, numbers with zeros before them.
/// </summary>
internal sealed class LooseJson(ReadOnlyMemory<byte> utf8)
{
    /// <summary>More of an answer is not searched.</summary>
    public const int LongestText = 4 * 1024 * 1024;
    private const int MostFailures = 6;
    private const int MostValues = 1000;
    private const int DeepestNesting = 64;

    private readonly byte[] _text = utf8.ToArray();
    private readonly List<byte> _value = [];
    private int _at;

    /// <summary>The objects and arrays that are whole, in their order.</summary>
    public IEnumerable<JsonElement> Values()
    {
        for (int failures = 0, found = 0, start = 0; failures < MostFailures && found < MostValues;)
        {
            start = Array.FindIndex(_text, Math.Min(start, _text.Length), static symbol => symbol is (byte)'{' or (byte)'[');
            if (start < 0)
            {
                yield break;
            }

            _at = start;
            _value.Clear();
            bool isWhole = TryCopy();
            JsonElement? read = isWhole ? JsonText.Parse(_value.ToArray(), allowTrailingCommas: true) : null;
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
            switch (_text[_at])
            {
                case (byte)'"' or (byte)'\'':
                    CopyString();
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    Copy();
                    break;
                case (byte)'}' or (byte)']':
                    Copy();
                    if (--depth == 0)
                    {
                        return true;
                    }

                    break;
                case <= (byte)' ' or (byte)',' or (byte)':':
                    Copy();
                    break;
                default:
                    CopyWord();
                    break;
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

    // What JSON does not know, such as \x or \d, is the backslash itself.
    private void CopyEscape()
    {
        byte next = _at + 1 < _text.Length ? _text[_at + 1] : (byte)0;
        bool isKnown = next == 'u'
            ? _at + 5 < _text.Length && _text.AsSpan(_at + 2, 4).ToArray().All(static digit => Uri.IsHexDigit((char)digit))
            : "\"\\/bfnrt"u8.IndexOf(next) >= 0;
        if (next == '\'')
        {
            _at++;
        }
        else if (isKnown)
        {
            Copy();
        }
        else
        {
            Write("\\\\");
            _at++;
            return;
        }

        Copy();
    }

    private void CopyWord()
    {
        int end = _at;
        while (end < _text.Length && _text[end] > ' ' && ",:{}[]\"'"u8.IndexOf(_text[end]) < 0)
        {
            end++;
        }

        string word = Encoding.UTF8.GetString(_text, _at, end - _at);
        _at = end;
        string lower = word.ToLowerInvariant();
        Write(lower switch
        {
            "true" or "false" => lower,
            "null" or "none" or "nil" or "undefined" or "nan" or "-nan" or "inf" or "-inf" or "+inf" or "infinity" or "-infinity" or "+infinity" => "null",
            _ => JsonText.Parse(Encoding.UTF8.GetBytes(word)) is { ValueKind: JsonValueKind.Number } ? word : $"\"{JsonEncodedText.Encode(word)}\"",
        });
    }

    private void Copy() => _value.Add(_text[_at++]);

    private void Write(string text) => _value.AddRange(Encoding.UTF8.GetBytes(text));
}
