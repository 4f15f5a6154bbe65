using System.Text.Encodings.Web;

namespace KlingEffects.Jobs;

/// <summary>Writes JSON so that what says the same reads the same: members in the order of their names, no white space.</summary>
internal static class CanonicalJson
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object with these members, and one more that is an object itself.</summary>
    public static string Write(
        IEnumerable<KeyValuePair<string, JsonElement>> members, string nestedName, IReadOnlyDictionary<string, JsonElement> nested)
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter writer = new(text, Readable))
        {
            writer.WriteStartObject();
            Write(writer, members);
            if (nested.Count > 0)
            {
                writer.WriteStartObject(nestedName);
                Write(writer, nested);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, JsonElement>> members)
    {
        foreach (KeyValuePair<string, JsonElement> member in members)
        {
            writer.WritePropertyName(member.Key);
            Write(writer, member.Value);
        }
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                Write(writer, value.EnumerateObject().OrderBy(static member => member.Name, StringComparer.Ordinal)
                    .Select(static member => new KeyValuePair<string, JsonElement>(member.Name, member.Value)));
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
