using System.Text.Json;
using KlingEffects.Files;

namespace KlingEffects.Journal;

/// <summary>Who holds a journal, as its guard file tells.</summary>
internal sealed class GuardOwner
{
    public string? Host { get; set; }

    public int Process { get; set; }

    public string? Started { get; set; }

    /// <summary>Made for this one holding.</summary>
    public string? Token { get; set; }

    /// <summary>Whether it is held for the moment of a few lines only.</summary>
    public bool IsBrief { get; set; }

    public DateTimeOffset? Since { get; set; }

    public static GuardOwner New(bool isBrief, DateTimeOffset now) => new()
    {
        Host = ProcessMark.Own.Host,
        Process = ProcessMark.Own.Id,
        Started = ProcessMark.Own.Started,
        Token = Guid.NewGuid().ToString("N"),
        IsBrief = isBrief,
        Since = now,
    };

    /// <summary>Reads a guard file.</summary>
    /// <returns>Null where there is none, or none that is whole.</returns>
    public static GuardOwner? Read(string path)
    {
        try
        {
            using FileStream file = UnlockedFile.OpenRead(path);
            return JsonSerializer.Deserialize(file, JournalJson.Guard) is { Token.Length: > 0 } owner ? owner : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, JournalJson.Guard);

    /// <summary>Whether the owner is gone for certain: a process of this host that runs no more, or this process itself.</summary>
    public bool IsGone => Mark is { IsOfThisHost: true } mark && (mark == ProcessMark.Own || !mark.IsRunning);

    /// <summary>Whether its life can be looked up from here.</summary>
    public bool IsOfThisHost => Mark.IsOfThisHost;

    public override string ToString() => IsOfThisHost
        ? $"process {Process}"
        : ServerText.Clean($"process {Process} of {Host?.Split(' ')[0]}") ?? "another process";

    private ProcessMark Mark => new(Host ?? "", Process, Started ?? "");
}
