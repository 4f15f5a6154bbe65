namespace KlingEffects.Binding;

/// <summary>Suggests the video routes.</summary>
public sealed class KindCompleter : WordCompleter
{
    /// <inheritdoc/>
    /// <remarks>Source: Kling's pages of its video calls, 2026-11; <c>lip-sync</c> is the older call.</remarks>
    protected override IEnumerable<string> Words =>
    [
        "effects", "text2video", "image2video", "omni-video", "motion-control", "multi-image2video", "multi-elements",
        "video-extend", "advanced-lip-sync", "lip-sync", "avatar/image2video",
    ];
}
