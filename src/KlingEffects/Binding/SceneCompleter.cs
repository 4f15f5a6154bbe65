using KlingEffects.Effects;

namespace KlingEffects.Binding;

/// <summary>Suggests scene names that were published, current ones first, and what was used since the import.</summary>
public sealed class SceneCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Words => SceneCatalog.All.Select(static scene => scene.Name);

    /// <inheritdoc/>
    protected override string Describe(string word) => SceneCatalog.Find(word) switch
    {
        null => $"{word}: used before",
        { IsCurrent: false } retired => $"{word}: {Images(retired.Images)}, last published {retired.LastSeen}",
        { } current => $"{word}: {Images(current.Images)}",
    };

    private static string Images(int images) => images == 2 ? "two images (left, right)" : "one image";
}
