namespace KlingEffects;

/// <summary>How far a download is. Written by the download, read by whoever shows it, from any thread.</summary>
internal sealed class DownloadProgress
{
    /// <summary>What whoever shows it calls the download.</summary>
    public string Name { get; init; } = "";

    /// <summary>How many bytes of the video are on disk, those of an earlier run included.</summary>
    public long Received { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>How many bytes the video has, or -1 while that is not known.</summary>
    public long Total { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); } = -1;

    /// <summary>What is waited for, in words; null while bytes come.</summary>
    public string? WaitingFor { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }
}
