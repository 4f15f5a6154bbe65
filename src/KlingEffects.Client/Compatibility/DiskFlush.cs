namespace KlingEffects;

internal static class DiskFlush
{
    /// <summary>Begins it beside further writes, where the framework can. It tells of the disk's failures when awaited.</summary>
    public static Task Begin(FileStream file)
    {
#if NETSTANDARD2_0
        return Task.CompletedTask;
#else
        var handle = file.SafeFileHandle;
        return Task.Run(() => RandomAccess.FlushToDisk(handle));
#endif
    }

    /// <summary>Makes the name of a file that was just made or renamed last through a power cut; false where the system can't.</summary>
    /// <remarks>On Unix a file's own flush does not cover its folder's entry (fsync(2)); Windows needs no such call on NTFS.</remarks>
    public static bool Name(string path)
    {
#if !NETSTANDARD2_0
        if (OperatingSystem.IsWindows() || Path.GetDirectoryName(Path.GetFullPath(path)) is not { Length: > 0 } folder)
        {
            return false;
        }

        try
        {
            using var handle = UnlockedFile.OpenHandle(folder);
            if (!handle.IsInvalid)
            {
                RandomAccess.FlushToDisk(handle);
            }

            return !handle.IsInvalid;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return false; // the file itself is on the disk; no more can be done about its name
        }
#else
        return false;
#endif
    }
}
