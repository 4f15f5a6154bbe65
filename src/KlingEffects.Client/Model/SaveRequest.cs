namespace KlingEffects;

/// <summary>What to save, and where.</summary>
public sealed record SaveRequest
{
    /// <summary>The task, for messages.</summary>
    public required KlingTask Task { get; init; }

    /// <summary>The video of the task.</summary>
    public required KlingVideo Video { get; init; }

    /// <summary>The file to make. Its folder is made if it is not there; its extension gives way to that of what the video turns out to be.</summary>
    public required string Path { get; init; }

    /// <summary>Replaces an existing file, once the new one is complete.</summary>
    public bool Force { get; init; }

    /// <summary>Told how far the download is.</summary>
    public DownloadProgress Progress { get; init; } = new();

    /// <summary>Gets a fresh URL when the video's has expired, or null if there is none; called once, and again only when more of the video has come since.</summary>
    public Func<CancellationToken, Task<string?>>? RefreshUrl { get; init; }

    /// <summary>Told, in words, what is waited for.</summary>
    internal Func<string, ValueTask> ReportWait { get; init; } = static _ => default;
}
