namespace KlingEffects;

internal static class FileLinks
{
    private const int MostLinks = 40; // as on Linux

    /// <summary>The full path with all links resolved, to compare files. Nothing need exist.</summary>
    public static string Resolve(string path)
    {
        int left = MostLinks;
        try
        {
            return Resolve(Path.GetFullPath(path), ref left);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return path; // opening it will fail with the reason
        }
    }

    private static string Resolve(string path, ref int left)
    {
        if (Path.GetDirectoryName(path) is not { } folder)
        {
            return path;
        }

        folder = Resolve(folder, ref left);
        path = Path.Combine(folder, Path.GetFileName(path));
        FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        return info.LinkTarget is { } target && left-- > 0 ? Resolve(Path.GetFullPath(Path.Combine(folder, target)), ref left) : path;
    }
}
