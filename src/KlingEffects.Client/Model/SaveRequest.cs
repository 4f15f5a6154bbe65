namespace KlingEffects;

/// <summary>What to save, and where.</summary>
public sealed record SaveRequest
{
    /// <summary>The task, for messages.</summary>
    public required KlingTask Task { get; init; }

    /// <summary>The video of the task.</summary>
    public required KlingVideo Video { get; init; }

    /// <summary>The file to make. Its folder is made if it is not there; its extension is the type that the video must have.</summary>
    public required string Path { get; init; }

    /// <summary>Replaces an existing file, once the new one is complete.</summary>
    public bool Force { get; init; }

    /// <summary>Told how far the download is.</summary>
    public DownloadProgress Progress { get; init; } = new();

    /// <summary>Gets a fresh URL when the video's has expired, or null if there is none; called at most once.</summary>
    public Func<CancellationToken, Task<string?>>? RefreshUrl { get; init; }
}
