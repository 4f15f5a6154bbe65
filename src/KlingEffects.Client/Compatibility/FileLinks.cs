namespace KlingEffects;

/// <summary>Symbolic links, as far as each framework knows of them.</summary>
internal static class FileLinks
{
    /// <summary>The file that a link leads to in the end, or the file itself.</summary>
    public static FileInfo Follow(FileInfo file) =>
#if NETSTANDARD2_0
        file;
#else
        file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
#endif
}
