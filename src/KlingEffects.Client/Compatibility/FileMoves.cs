namespace KlingEffects;

/// <summary>Renaming of files within a folder.</summary>
internal static class FileMoves
{
    /// <summary>In one step: whoever looks sees the old file or the new one, never none or a part.</summary>
    public static void Rename(string from, string to, bool replace)
    {
#if NETSTANDARD2_0
        if (replace && File.Exists(to))
        {
            File.Replace(from, to, destinationBackupFileName: null);
        }
        else
        {
            File.Move(from, to);
        }
#else
        File.Move(from, to, replace);
#endif
    }
}
