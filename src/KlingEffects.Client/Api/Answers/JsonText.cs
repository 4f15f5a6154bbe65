namespace KlingEffects.Api.Answers;

/// <summary>JSON that stands as text where text or an object was promised: gateways hand on their upstream's whole answer so.</summary>
internal static class JsonText
{
    // An answer within an answer is a page at most; a text of megabytes is something else.
    private const int Longest = 64 * 1024;
    private const int DeepestText = 4;

    /// <summary>What the text is as a whole; null where it is no JSON object, array or text of one.</summary>
    public static JsonElement? Whole(string? text)
    {
        string? json = text;
        for (int depth = 0; depth < DeepestText && json?.Length <= Longest; depth++)
        {
            json = json.Trim();
            JsonElement? read = json.Length > 1 && json[0] is '{' or '[' or '"' ? Parse(json) ?? (json[0] != '"' && Unescaped(json) is { } unescaped ? Parse(unescaped) : null) : null;
            if (read is not { ValueKind: JsonValueKind.String })
            {
                return read;
            }

            json = JsonFields.AsText(read.Value);
        }

        return null;
    }

    /// <summary>What the text is, or what the object in it is, with words before and behind it.</summary>
    public static JsonElement? Within(string? text)
    {
        if (text is null || text.Length > Longest)
        {
            return null;
        }

        if (Whole(text) is { } whole)
        {
            return whole;
        }

        int start = text.IndexOf('{');
        int end = text.LastIndexOf('}');
        return start >= 0 && end > start ? Whole(text.Substring(start, end - start + 1)) : null;
    }

    private static JsonElement? Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    /// <summary>The value that the text is, written rightly or, where that is allowed, with commas before closing brackets; else null.</summary>
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

    // What was escaped once too often: {\"code\":1102}
    private static string? Unescaped(string json) =>
        json.Contains("\\\"") && Parse($"\"{json}\"") is { ValueKind: JsonValueKind.String } text ? JsonFields.AsText(text) : null;
}
