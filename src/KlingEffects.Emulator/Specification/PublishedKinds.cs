using System.Collections.Frozen;

namespace KlingEffects.Emulator.Specification;

/// <summary>The video calls whose tasks can be asked for and listed. Source: Kling's pages, 2026-11.</summary>
internal static class PublishedKinds
{
    public static FrozenSet<string> Names { get; } = FrozenSet.Create(
        StringComparer.Ordinal,
        "effects", "text2video", "image2video", "omni-video", "motion-control", "multi-image2video", "multi-elements",
        "video-extend", "lip-sync", "advanced-lip-sync", "avatar/image2video");
}
