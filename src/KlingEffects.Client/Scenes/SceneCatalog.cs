namespace KlingEffects.Scenes;

/// <summary>The scene names ever published: hints for completion and warnings, never a reason to refuse one.</summary>
internal static class SceneCatalog
{
    private const string Current = "current";
    private const string DateLine = "# As of ";

    private static readonly Lazy<KlingScene[]> Known = new(static () => [.. Load().OrderByDescending(static scene => scene.IsCurrent)]);
    private static readonly ConcurrentStringSet UsedHere = new();

    /// <summary>The published ones, those of the current list first.</summary>
    public static IReadOnlyList<KlingScene> Published => Known.Value;

    /// <summary>The names of the current list first, then what was used in this process, then the retired ones.</summary>
    public static IEnumerable<string> Names =>
    [
        .. Published.Where(static scene => scene.IsCurrent).Select(static scene => scene.Name),
        .. UsedHere.ToArray().Where(static name => Find(name) is null),
        .. Published.Where(static scene => !scene.IsCurrent).Select(static scene => scene.Name),
    ];

    public static KlingScene? Find(string name) => Array.Find(Known.Value, scene => scene.Name == name);

    /// <summary>Remembers a name that a job used, so that it is suggested from now on.</summary>
    public static void Remember(string name) => UsedHere.Add(name);

    // As tools/Update-Scenes.ps1 writes it: "# As of 2026-11-25. …", the names of the columns, the scenes.
    private static IEnumerable<KlingScene> Load()
    {
        using StreamReader reader = new(typeof(SceneCatalog).Assembly.GetManifestResourceStream("effect-scenes.tsv")!);
        string month = reader.ReadLine()!.Substring(DateLine.Length, "yyyy-MM".Length);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split('\t');
            bool isCurrent = cells[2] == Current;
            yield return new KlingScene(cells[0], cells[1] == "2" ? 2 : 1, isCurrent, isCurrent ? month : cells[2]);
        }
    }
}
