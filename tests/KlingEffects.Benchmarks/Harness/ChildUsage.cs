using System.Globalization;
using System.Runtime.InteropServices;

namespace KlingEffects.Benchmarks.Harness;

/// <summary>What Linux counts of child processes.</summary>
internal static class ChildUsage
{
    private const int OfChildren = -1;

    /// <summary>The processor time, in seconds, of all children that have ended so far and of their children.</summary>
    public static double ProcessorSeconds()
    {
        return GetUsage(OfChildren, out Usage usage) == 0
            ? Seconds(usage.User) + Seconds(usage.System)
            : throw new PlatformNotSupportedException("The benchmarks count processor time by getrusage.");
    }

    /// <summary>The most memory, in bytes, that a running process had resident so far; 0 once it has ended.</summary>
    public static long PeakBytes(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(static text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.AsSpan(6).TrimEnd("kB ").Trim(), CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static double Seconds(TimeValue time) => time.Seconds + (time.Microseconds / 1e6);

    [DllImport("libc", EntryPoint = "getrusage")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetUsage(int who, out Usage usage);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeValue
    {
        public readonly nint Seconds;
        public readonly nint Microseconds;
    }

    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private readonly struct Usage
    {
        public readonly TimeValue User;
        public readonly TimeValue System;
    }
}
