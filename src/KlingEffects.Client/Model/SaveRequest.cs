namespace KlingEffects;

internal sealed record SaveRequest
{
    public required KlingTask Task { get; init; }
    public required KlingVideo Video { get; init; }

    /// <summary>The file, in a folder that need not exist. It gets the extension of the video's container.</summary>
    public required string Path { get; init; }

    /// <summary>Replaces an existing file, once the new one is complete.</summary>
    public bool Force { get; init; }

    public DownloadProgress Progress { get; init; } = new();

    /// <summary>Gets a fresh URL when the video's has expired, or null; called again only when more of the video has come since.</summary>
    public Func<CancellationToken, Task<string?>>? RefreshUrl { get; init; }

    public Func<string, ValueTask> ReportWait { get; init; } = static _ => default;
}
