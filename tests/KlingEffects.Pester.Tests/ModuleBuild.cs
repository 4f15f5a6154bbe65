namespace KlingEffects.Tests;

/// <summary>The module as PowerShell imports it, with one of its two builds.</summary>
internal sealed class ModuleBuild : IDisposable
{
    private const string ForPowerShell7 = "net8.0";

    private readonly TemporaryFolder? _copy;

    private ModuleBuild(string framework, string manifestPath, TemporaryFolder? copy)
    {
        Framework = framework;
        ManifestPath = manifestPath;
        _copy = copy;
    }

    public string Framework { get; }

    public string ManifestPath { get; }

    /// <summary>The clone itself for the build that its manifest gives PowerShell 7; for the other a copy that gives it that one.</summary>
    public static ModuleBuild Prepare(string framework) =>
        framework == ForPowerShell7 ? new ModuleBuild(framework, Places.Manifest, null) : Copy(framework);

    public void Dispose() => _copy?.Dispose();

    private static ModuleBuild Copy(string framework)
    {
        TemporaryFolder folder = new();
        string target = Directory.CreateDirectory(folder.Combine("KlingEffects")).FullName;
        foreach (string part in (string[])["lib", "en-US"])
        {
            CopyFolder(Path.Combine(Places.RepositoryRoot, part), Path.Combine(target, part));
        }

        string manifest = File.ReadAllText(Places.Manifest);
        string turned = manifest.Replace($"lib/{ForPowerShell7}/", $"lib/{framework}/", StringComparison.Ordinal);
        Assert.NotEqual(manifest, turned);
        string manifestPath = Path.Combine(target, Path.GetFileName(Places.Manifest));
        File.WriteAllText(manifestPath, turned);
        return new ModuleBuild(framework, manifestPath, folder);
    }

    private static void CopyFolder(string from, string to)
    {
        if (Directory.Exists(from))
        {
            Directory.CreateDirectory(to);
            Array.ForEach(Directory.GetFiles(from), file => File.Copy(file, Path.Combine(to, Path.GetFileName(file))));
            Array.ForEach(Directory.GetDirectories(from), folder => CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder))));
        }
    }
}
