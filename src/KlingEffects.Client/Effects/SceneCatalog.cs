using System.Collections.Concurrent;

namespace KlingEffects.Effects;

/// <summary>A scene name that was published once.</summary>
/// <param name="Name">The name, as <c>effect_scene</c> takes it.</param>
/// <param name="Images">How many images it takes.</param>
/// <param name="LastSeen"><c>current</c>, or the month of the last published list that had it.</param>
internal sealed record KnownScene(string Name, int Images, string LastSeen)
{
    public bool IsCurrent => LastSeen == "current";
}

/// <summary>The scene names ever published: hints for completion, never a reason to refuse one.</summary>
internal static class SceneCatalog
{
    private static readonly Lazy<Dictionary<string, KnownScene>> Known = new(Load);
    private static readonly ConcurrentDictionary<string, KnownScene> UsedHere = new(StringComparer.Ordinal);

    /// <summary>Those of the current lists first, then what was used in this process, then the retired ones.</summary>
    public static IEnumerable<KnownScene> All =>
        Known.Value.Values.Where(static scene => scene.IsCurrent)
            .Concat(UsedHere.Values.Where(static scene => !Known.Value.ContainsKey(scene.Name)))
            .Concat(Known.Value.Values.Where(static scene => !scene.IsCurrent));

    public static KnownScene? Find(string name) => Known.Value.TryGetValue(name, out KnownScene? scene) ? scene : null;

    /// <summary>Remembers a name that a job used, so that it is suggested from now on.</summary>
    public static void Remember(string name, int images) => UsedHere.TryAdd(name, new KnownScene(name, images, "current"));

    private static Dictionary<string, KnownScene> Load()
    {
        using Stream stream = typeof(SceneCatalog).Assembly.GetManifestResourceStream("effect-scenes.tsv")!;
        using StreamReader reader = new(stream);
        Dictionary<string, KnownScene> scenes = new(StringComparer.Ordinal);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split('\t');
            scenes[cells[0]] = new KnownScene(cells[0], cells[1] == "2" ? 2 : 1, cells[4]);
        }

        return scenes;
    }
}
