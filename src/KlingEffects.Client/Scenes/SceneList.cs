namespace KlingEffects.Scenes;

/// <summary>The list of scenes that this assembly holds, as <c>tools/Update-Scenes.ps1</c> writes it.</summary>
internal sealed class SceneList
{
    private const string Current = "current";
    private const string DateLine = "# As of ";

    private readonly Dictionary<string, KlingScene> _byName = new(StringComparer.Ordinal);

    private SceneList(TextReader reader)
    {
        // "# As of 2026-11-25. …", then the names of the columns
        string month = reader.ReadLine()!.Substring(DateLine.Length, "yyyy-MM".Length);
        reader.ReadLine();
        List<KlingScene> scenes = [];
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split('\t');
            bool isCurrent = cells[2] == Current;
            KlingScene scene = new(cells[0], cells[1] == "2" ? 2 : 1, isCurrent, isCurrent ? month : cells[2]);
            scenes.Add(scene);
            _byName[scene.Name] = scene;
        }

        Scenes = scenes;
    }

    /// <summary>In the order of the list.</summary>
    public IReadOnlyList<KlingScene> Scenes { get; }

    public static SceneList Load()
    {
        using Stream stream = typeof(SceneList).Assembly.GetManifestResourceStream("effect-scenes.tsv")!;
        using StreamReader reader = new(stream);
        return new SceneList(reader);
    }

    public KlingScene? Find(string name) => _byName.TryGetValue(name, out KlingScene? scene) ? scene : null;
}
