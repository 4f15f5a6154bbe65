namespace KlingEffects;

/// <summary>The progress of a download, written by it and read by a display, on any thread.</summary>
internal sealed class DownloadProgress
{
    public string Name { get; init; } = "";

    /// <summary>The bytes on disk, including those of an earlier run.</summary>
    public long Received { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>The length of the video in bytes, or -1 if unknown.</summary>
    public long Total { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); } = -1;

    /// <summary>Why it waits, in words; or null.</summary>
    public string? WaitingFor { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }
}
