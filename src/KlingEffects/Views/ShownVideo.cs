namespace KlingEffects.Views;

/// <summary>What the views show of a video, live or deserialised.</summary>
public static class ShownVideo
{
    /// <summary>Its length.</summary>
    /// <param name="video">The video.</param>
    public static string Duration(PSObject video) => ReadableText.Seconds(video.Properties[nameof(KlingVideo.Duration)]?.Value);
}
