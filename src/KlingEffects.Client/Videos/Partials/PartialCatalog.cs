using System.Collections.Concurrent;

namespace KlingEffects.Videos;

/// <summary>The partial files of each folder by their targets: those of earlier runs, read once, and those made since.</summary>
internal sealed class PartialCatalog
{
    private readonly ConcurrentDictionary<string, Lazy<ConcurrentDictionary<string, string[]>>> _folders = new(StringComparer.Ordinal);

    /// <summary>The partial files of a target that are there, the longest first.</summary>
    public IReadOnlyList<string> Of(string target) =>
    [
        .. Named(target).Concat(Named(PartialName.ShortTarget(target)))
            .Distinct(StringComparer.Ordinal)
            .Where(File.Exists)
            .OrderByDescending(static path => new FileInfo(path).Length),
    ];

    public void Add(string target, string partial) => Add(Folder(target), target, partial);

    /// <summary>Forgets the partial files of a target: its video is complete.</summary>
    public void Forget(string target)
    {
        Folder(target).TryRemove(target, out _);
        Folder(target).TryRemove(PartialName.ShortTarget(target), out _);
    }

    private string[] Named(string target) => Folder(target).TryGetValue(target, out string[]? partials) ? partials : [];

    private ConcurrentDictionary<string, string[]> Folder(string target) =>
        _folders.GetOrAdd(
            Path.GetDirectoryName(target)!,
            static folder => new(() => Read(folder), LazyThreadSafetyMode.PublicationOnly)).Value;

    private static ConcurrentDictionary<string, string[]> Read(string folder)
    {
        ConcurrentDictionary<string, string[]> partials = new(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(folder, "*" + PartialName.Extension))
        {
            Add(partials, PartialName.Read(path).Target, path);
        }

        return partials;
    }

    private static void Add(ConcurrentDictionary<string, string[]> partials, string target, string partial) =>
        partials.AddOrUpdate(target, _ => [partial], (_, known) => known.Contains(partial) ? known : [.. known, partial]);
}
