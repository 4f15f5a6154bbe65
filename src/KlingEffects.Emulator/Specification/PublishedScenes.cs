using System.Collections.Frozen;
using KlingEffects.Emulator.Configuration;

namespace KlingEffects.Emulator.Specification;

/// <summary>The effect scenes that were ever published, retired ones included.</summary>
public static class PublishedScenes
{
    private static readonly Lazy<FrozenSet<string>> Loaded = new(Load);

    /// <summary>Their names, for <see cref="EmulatorOptions.KnownScenes"/>.</summary>
    public static IReadOnlySet<string> Names => Loaded.Value;

    private static FrozenSet<string> Load()
    {
        using StreamReader reader = new(typeof(PublishedScenes).Assembly.GetManifestResourceStream("scenes.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    }
}
