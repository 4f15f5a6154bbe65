using System.Collections.Concurrent;
using KlingEffects.Files;

namespace KlingEffects.Journal;

/// <summary>Who holds a journal, as its guard file tells.</summary>
internal sealed class GuardOwner
{
    private static readonly ConcurrentDictionary<string, bool> OwnTokens = new(StringComparer.Ordinal);

    public string? Host { get; set; }

    public int Process { get; set; }

    public string? Started { get; set; }

    /// <summary>Made for this one holding.</summary>
    public string? Token { get; set; }

    /// <summary>Whether it is held for the moment of a few lines only.</summary>
    public bool IsBrief { get; set; }

    public DateTimeOffset? Since { get; set; }

    public static GuardOwner Create(bool isBrief, DateTimeOffset now)
    {
        string token = Guid.NewGuid().ToString("N");
        OwnTokens[token] = true;
        return new()
        {
            Host = ProcessMark.Own.Host,
            Process = ProcessMark.Own.Id,
            Started = ProcessMark.Own.Started,
            Token = token,
            IsBrief = isBrief,
            Since = now,
        };
    }

    /// <summary>It holds nothing any more.</summary>
    public void Release() => OwnTokens.TryRemove(Token!, out _);

    /// <summary>Reads a guard file.</summary>
    /// <returns>Null where there is none, or none that is whole.</returns>
    /// <exception cref="NotSupportedException">Something else than a file is there.</exception>
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

    /// <summary>Whether it is gone for certain: a process of this host that runs no more, or a holding of this one that has ended.</summary>
    public bool IsGone =>
        Mark is { IsOfThisHost: true } mark && (mark == ProcessMark.Own ? !OwnTokens.ContainsKey(Token!) : !mark.IsRunning);

    /// <summary>Whether its life can be looked up from here.</summary>
    public bool IsOfThisHost => Mark.IsOfThisHost;

    public override string ToString() => IsOfThisHost
        ? $"process {Process}"
        : ServerText.Clean($"process {Process} of {Host?.Split(' ')[0]}") ?? "another process";

    private ProcessMark Mark => new(Host ?? "", Process, Started ?? "");
}
