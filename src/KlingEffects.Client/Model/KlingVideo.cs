namespace KlingEffects;

/// <summary>One generated video, from <c>data.task_result.videos[]</c>.</summary>
public sealed class KlingVideo
{
    /// <summary>The video's own id, or null where the answer has none.</summary>
    public string? Id { get; init => field = ServerText.Kept(value); }

    /// <summary>Where the video can be fetched. Temporary: download it at once; the key is never sent there.</summary>
    public string Url { get; init; } = "";

    /// <summary>The watermarked variant, or null.</summary>
    public string? WatermarkUrl { get; init; }

    /// <summary>Length in seconds, or null where the answer does not tell.</summary>
    public double? Duration { get; init; }

    /// <summary>The URL without its query string, which may be a signature.</summary>
    public override string ToString() => ServerText.WithoutQuery(Url);
}
