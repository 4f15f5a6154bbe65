using System.Text.Json.Serialization;

namespace KlingEffects.Journal;

/// <summary>The first line of the file: what it is, and an id that makes its derived external ids its own.</summary>
internal sealed class JournalHeader
{
    /// <summary>Members and events may be added without a new version: readers pass over what they do not know.</summary>
    public const int CurrentVersion = 1;

    [JsonPropertyName("klingJournal")]
    public int? Version { get; set; }

    public string? Id { get; set; }

    public DateTimeOffset? CreatedAt { get; set; }

    /// <summary>The process that writes it, where no guard tells; of a ledger.</summary>
    public GuardOwner? Owner { get; set; }

    /// <summary>How every first line begins, so that a torn one can be told from another kind of file.</summary>
    public static ReadOnlySpan<byte> Opening => "{\"klingJournal\":"u8;

    public static JournalHeader Create(DateTimeOffset now) =>
        new() { Version = CurrentVersion, Id = Guid.NewGuid().ToString("N"), CreatedAt = now };
}
