namespace KlingEffects.Api.Answers;

/// <summary>Parses JSON, also inside strings, where gateways put their upstream's answer.</summary>
internal static class JsonText
{
    private const int Longest = 64 * 1024;
    private const int DeepestText = 4;

    /// <summary>The text as UTF-8 without a byte order mark. UTF-16 without a mark is recognised by its zeros.</summary>
    public static ReadOnlyMemory<byte> ToUtf8(ReadOnlyMemory<byte> body)
    {
        return body.Span switch
        {
            [0xEF, 0xBB, 0xBF, ..] => ToUtf8(body.Slice(3)),
            [0, not 0, 0, not 0, ..] => Read(bigEndian: true),
            [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, 0, 0xFE, 0xFF, ..] or [not 0, 0, not 0, 0, ..] => Read(bigEndian: false),
            _ => body,
        };

        // The reader detects a mark by itself, also that of UTF-32.
        byte[] Read(bool bigEndian)
        {
            using StreamReader reader = new(new MemoryStream(body.ToArray()), new UnicodeEncoding(bigEndian, byteOrderMark: false));
            return Encoding.UTF8.GetBytes(reader.ReadToEnd());
        }
    }

    public static JsonElement? Parse(ReadOnlyMemory<byte> utf8, bool allowTrailingCommas = false)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8, new JsonDocumentOptions { AllowTrailingCommas = allowTrailingCommas });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The whole text as an object or array, also if it is escaped as a string; else null.</summary>
    public static JsonElement? Whole(string? text)
    {
        string? json = text;
        for (int depth = 0; depth < DeepestText && json?.Length <= Longest; depth++)
        {
            json = json.Trim();
            JsonElement? read = json is ['{' or '[' or '"', _, ..] ? Parse(json) ?? Unescaped(json) : null;
            if (read is not { ValueKind: JsonValueKind.String })
            {
                return read;
            }

            json = JsonFields.AsText(read.Value);
        }

        return null;
    }

    /// <summary>The whole text as above, or the object that it contains.</summary>
    public static JsonElement? Within(string? text)
    {
        int start = text?.Length <= Longest ? text.IndexOf('{') : -1;
        int end = text?.LastIndexOf('}') ?? -1;
        return Whole(text) ?? (start >= 0 && end > start ? Whole(text!.Substring(start, end - start + 1)) : null);
    }

    private static JsonElement? Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    // JSON that was escaped twice: {\"code\":1102}
    private static JsonElement? Unescaped(string json) => json[0] != '"' && json.Contains("\\\"")
        && Parse($"\"{json}\"") is { ValueKind: JsonValueKind.String } text && JsonFields.AsText(text) is { } inner ? Parse(inner) : null;
}
