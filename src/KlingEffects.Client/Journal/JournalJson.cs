using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace KlingEffects.Journal;

/// <summary>The lines' JSON. Escapes what would break a line, and leaves names in all scripts readable.</summary>
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(JournalHeader))]
[JsonSerializable(typeof(GuardOwner))]
internal sealed partial class JournalJson : JsonSerializerContext
{
    private static readonly JournalJson Readable = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static JsonTypeInfo<JournalEntry> Entry => Readable.JournalEntry;

    public static JsonTypeInfo<GuardOwner> Guard => Readable.GuardOwner;

    public static JsonTypeInfo<JournalHeader> Header => Readable.JournalHeader;

    /// <summary>The entries, a line each.</summary>
    public static byte[] Lines(IEnumerable<JournalEntry> entries)
    {
        using MemoryStream lines = new();
        foreach (JournalEntry entry in entries)
        {
            JsonSerializer.Serialize(lines, entry, Entry);
            lines.WriteByte((byte)'\n');
        }

        return lines.ToArray();
    }
}
