namespace KlingEffects.Scenes;

/// <summary>All published scene names: hints for completion and warnings only.</summary>
internal static class SceneCatalog
{
    private const string Current = "current";
    private const string DateLine = "# As of ";

    private static readonly Lazy<KlingScene[]> Known = new(static () => [.. Load().OrderByDescending(static scene => scene.IsCurrent)]);
    private static readonly ConcurrentStringSet UsedHere = new();

    /// <summary>The published scenes, current ones first.</summary>
    public static IReadOnlyList<KlingScene> Published => Known.Value;

    /// <summary>Current names, then those used in this process, then retired ones.</summary>
    public static IEnumerable<string> Names =>
    [
        .. Published.Where(static scene => scene.IsCurrent).Select(static scene => scene.Name),
        .. UsedHere.ToArray().Where(static name => Find(name) is null),
        .. Published.Where(static scene => !scene.IsCurrent).Select(static scene => scene.Name),
    ];

    public static KlingScene? Find(string name) => Array.Find(Known.Value, scene => scene.Name == name);

    public static void Remember(string name) => UsedHere.Add(name);

    // The format of tools/Update-Scenes.ps1: "# As of 2026-11-25. …", a line of headers, the scenes.
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
