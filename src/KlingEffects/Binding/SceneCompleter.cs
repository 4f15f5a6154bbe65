using KlingEffects.Scenes;

namespace KlingEffects.Binding;

/// <summary>Suggests scene names that were published, current ones first, and what was used since the import.</summary>
public sealed class SceneCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Words => SceneCatalog.Names;

    /// <inheritdoc/>
    protected override IEnumerable<string> Suggest(string typed) =>
        Words.Where(word => Plain(word).StartsWith(Plain(typed), StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    protected override string Describe(string word) => SceneCatalog.Find(word) switch
    {
        null => $"{word}: used before",
        { IsCurrent: false } retired => $"{word}: {SceneHints.Words(retired.ImageCount)}, last published {retired.LastSeen}",
        { } current => $"{word}: {SceneHints.Words(current.ImageCount)}",
    };

    // let’s_ride was published with either apostrophe.
    private static string Plain(string name) => name.Replace('’', '\'');
}
