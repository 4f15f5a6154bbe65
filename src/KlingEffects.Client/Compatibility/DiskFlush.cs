namespace KlingEffects;

/// <summary>Bringing to the disk what the system still holds in memory.</summary>
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
}
