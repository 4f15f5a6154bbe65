namespace KlingEffects.Binding;

/// <summary>Suggests the video routes.</summary>
public sealed class KindCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Words => ["effects", "text2video", "image2video", "lip-sync", "multi-image2video", "multi-elements"];
}
