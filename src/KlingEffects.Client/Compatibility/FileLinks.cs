namespace KlingEffects;

/// <summary>Symbolic links, as far as each framework knows of them.</summary>
internal static class FileLinks
{
    /// <summary>Which world of process ids this process lives in: ids of two containers are of two. Empty where Linux does not tell.</summary>
    public static string ProcessNamespace =>
#if NETSTANDARD2_0
        "";
#else
        new FileInfo("/proc/self/ns/pid").LinkTarget ?? "";
#endif

    /// <summary>The full path without any link in it, of folders or of the file: what two ways to one file have in common.</summary>
    /// <param name="path">The path; what it names need not be there.</param>
    public static string Resolve(string path)
    {
        path = Path.GetFullPath(path);
#if !NETSTANDARD2_0
        const int mostLinks = 40; // as Linux has it
        for (int links = 0; links < mostLinks && WithoutFirst(path) is { } next; links++)
        {
            path = next;
        }
#endif
        return path;
    }
#if !NETSTANDARD2_0

    private static string? WithoutFirst(string path)
    {
        string known = Path.GetPathRoot(path) ?? "";
        string[] parts = path[known.Length..].Split([Path.DirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < parts.Length; i++)
        {
            string folder = known;
            known = Path.Combine(known, parts[i]);
            FileSystemInfo info = i < parts.Length - 1 ? new DirectoryInfo(known) : new FileInfo(known);
            if (info.LinkTarget is { } target)
            {
                return Path.GetFullPath(Path.Combine([folder, target, .. parts[(i + 1)..]]));
            }
        }

        return null;
    }
#endif
}
