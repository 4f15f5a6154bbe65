using System.Text.Json.Serialization.Metadata;

namespace KlingEffects.Journal;

/// <summary>A journal's lines: JSON that escapes line breaks and leaves names in all scripts readable.</summary>
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(JournalHeader))]
[JsonSerializable(typeof(GuardOwner))]
internal sealed partial class JournalJson : JsonSerializerContext
{
    public const int LongestLine = 1 << 20;

    private static readonly JournalJson Readable = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static JsonTypeInfo<JournalEntry> Entry => Readable.JournalEntry;
    public static JsonTypeInfo<GuardOwner> Guard => Readable.GuardOwner;
    public static JsonTypeInfo<JournalHeader> Header => Readable.JournalHeader;

    public static byte[] ToLines(IEnumerable<JournalEntry> entries, JournalHeader? header = null)
    {
        using MemoryStream lines = new();
        using Utf8JsonWriter writer = new(lines, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        if (header is not null)
        {
            Write(header, JournalText.Default.JournalHeader);
        }

        foreach (JournalEntry entry in entries)
        {
            Write(entry, JournalText.Default.JournalEntry);
        }

        return lines.ToArray();

        void Write<T>(T value, JsonTypeInfo<T> type)
        {
            type.SerializeHandler!(writer, value);
            writer.Flush();
            writer.Reset();
            lines.WriteByte((byte)'\n');
        }
    }

    /// <summary>Reads lines with bounded memory; only the last one can lack its line break. Each is valid until the next.</summary>
    public static IEnumerable<(ReadOnlyMemory<byte> Line, bool IsOpen)> ReadLines(Stream stream)
    {
        byte[] block = new byte[64 * 1024];
        int start = 0;
        int searched = 0;
        int end = 0;
        while (true)
        {
            int found = block.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                yield return (block.AsMemory(start, searched + found - start), false);
                start = searched += found + 1;
                continue;
            }

            if (end - start > LongestLine)
            {
                throw new JsonException();
            }

            block.AsSpan(start, end - start).CopyTo(block);
            (start, end) = (0, end - start);
            searched = end;
            if (end == block.Length)
            {
                Array.Resize(ref block, block.Length * 2);
            }

            int read = stream.Read(block, end, block.Length - end);
            end += read;
            if (read == 0)
            {
                if (end > 0)
                {
                    yield return (block.AsMemory(0, end), true);
                }

                yield break;
            }
        }
    }
}

/// <summary>Writes the same lines without the metadata of members, which would delay a first submit.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(JournalHeader))]
internal sealed partial class JournalText : JsonSerializerContext;

/// <summary>The first line of the file, with the id that its derived external ids are made of.</summary>
internal sealed class JournalHeader
{
    /// <summary>New members and events need no new version: readers skip what they do not know.</summary>
    public const int CurrentVersion = 1;

    [JsonPropertyName("klingJournal")]
    public int? Version { get; set; }
    public string? Id { get; set; }
    public DateTimeOffset? CreatedAt { get; set; }

    /// <summary>The process that writes a ledger, which has no guard.</summary>
    public GuardOwner? Owner { get; set; }

    /// <summary>The start of every first line, to tell a torn one from another kind of file.</summary>
    public static ReadOnlySpan<byte> Opening => "{\"klingJournal\":"u8;

    public static JournalHeader Create(DateTimeOffset now) =>
        new() { Version = CurrentVersion, Id = Guid.NewGuid().ToString("N"), CreatedAt = now };
}
