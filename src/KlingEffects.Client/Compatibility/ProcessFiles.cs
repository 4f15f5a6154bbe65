namespace KlingEffects;

/// <summary>What Linux tells of processes as files.</summary>
internal static class ProcessFiles
{
    /// <summary>Which world of process ids this process lives in: ids of two containers are of two worlds. Empty where that is not told.</summary>
    public static string Namespace =>
#if NETSTANDARD2_0
        "";
#else
        new FileInfo("/proc/self/ns/pid").LinkTarget ?? "";
#endif
}
