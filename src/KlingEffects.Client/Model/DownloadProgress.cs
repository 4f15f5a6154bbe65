namespace KlingEffects;

/// <summary>How far a download is. Written by the download, read by whoever shows it, from any thread.</summary>
internal sealed class DownloadProgress
{
    private long _received;
    private long _total = -1;
    private volatile string? _waitingFor;

    /// <summary>What whoever shows it calls the download.</summary>
    public string Name { get; init; } = "";

    /// <summary>How many bytes of the video are on disk, those of an earlier run included.</summary>
    public long Received { get => Volatile.Read(ref _received); set => Volatile.Write(ref _received, value); }

    /// <summary>How many bytes the video has, or -1 while that is not known.</summary>
    public long Total { get => Volatile.Read(ref _total); set => Volatile.Write(ref _total, value); }

    /// <summary>What is waited for, in words; null while bytes come.</summary>
    public string? WaitingFor { get => _waitingFor; set => _waitingFor = value; }
}
