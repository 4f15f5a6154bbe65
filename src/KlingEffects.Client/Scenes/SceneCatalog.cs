namespace KlingEffects.Scenes;

/// <summary>The scene names ever published: hints for completion and warnings, never a reason to refuse one.</summary>
internal static class SceneCatalog
{
    private static readonly Lazy<SceneList> Known = new(SceneList.Load);
    private static readonly ConcurrentStringSet UsedHere = new();

    /// <summary>The published ones, those of the current list first.</summary>
    public static IEnumerable<KlingScene> Published => Current.Concat(Retired);

    /// <summary>The names of the current list first, then what was used in this process, then the retired ones.</summary>
    public static IEnumerable<string> Names =>
        Current.Select(static scene => scene.Name)
            .Concat(UsedHere.ToArray().Where(static name => Find(name) is null))
            .Concat(Retired.Select(static scene => scene.Name));

    private static IEnumerable<KlingScene> Current => Known.Value.Scenes.Where(static scene => scene.IsCurrent);

    private static IEnumerable<KlingScene> Retired => Known.Value.Scenes.Where(static scene => !scene.IsCurrent);

    public static KlingScene? Find(string name) => Known.Value.Find(name);

    /// <summary>Remembers a name that a job used, so that it is suggested from now on.</summary>
    public static void Remember(string name) => UsedHere.Add(name);
}
