namespace KlingEffects.Rows;

/// <summary>Reads an array of objects, or the one object that ConvertTo-Json makes of an array of one.</summary>
internal static class JsonRows
{
    private const string Remedy = "Give an array of objects, each with the columns of a row.";

    /// <exception cref="KlingException">RowsInvalid: not JSON, or not of this form.</exception>
    public static IReadOnlyList<SourceRow> Read(string path, string text)
    {
        try
        {
            return Read(path, Encoding.UTF8.GetBytes(text));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw RowsFault.Create(path, fault is JsonException { LineNumber: var line } ? (SafeText)$"line {(line ?? 0) + 1} is no JSON."
                : $"the name of a column is no text: {fault.Message}", Remedy, fault);
        }
    }

    private static List<SourceRow> Read(string path, byte[] bytes)
    {
        Utf8JsonReader reader = new(bytes, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        List<SourceRow> rows = [];
        (int line, int counted) = (1, 0);
        while (reader.Read())
        {
            if (reader.CurrentDepth == 0 && reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray)
            {
                continue;
            }

            for (; counted < reader.TokenStartIndex; counted++)
            {
                line += bytes[counted] == '\n' ? 1 : 0;
            }

            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw RowsFault.Create(path, $"what stands on line {line} is no object.", Remedy);
            }

            JsonElement row = JsonElement.ParseValue(ref reader);
            rows.Add(SourceRow.Read(
                FormattableString.Invariant($"line {line}"),
                row.EnumerateObject().Select(static cell => new KeyValuePair<string, Func<object?>>(cell.Name, () => Value(cell.Value)))));
        }

        return rows;
    }

    // A whole number keeps its digits; another one may have been rounded.
    private static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number when value.GetRawText() is var digits && digits.All(static c => c is '-' or (>= '0' and <= '9')) => digits,
        JsonValueKind.Number => double.Parse(value.GetRawText(), CultureInfo.InvariantCulture),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => value.EnumerateArray().Select(Value).ToList(),
        JsonValueKind.Object => value,
        _ => null,
    };
}
