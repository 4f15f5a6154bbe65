namespace KlingEffects.Videos.Containers;

/// <summary>
/// What a container says of the bytes that are there, in the order of trust: no further ones make a video of them; more has to come; they
/// end in order, and it does not tell whether more should come; all of them are there, to the last one.
/// </summary>
internal enum Wholeness
{
    Broken,
    Incomplete,
    Plausible,
    Whole,
}

internal class VideoBytes(Stream stream)
{
    public long Length { get; protected set; } = stream.Length;

    /// <summary>What the container says of them; null where it is no known container.</summary>
    public Wholeness? Examine() => Length == 0 ? Wholeness.Incomplete : ReadContainer()?.Examine(this);

    public VideoContainer? ReadContainer()
    {
        byte[] head = new byte[VideoContainer.HeadLength];
        return VideoContainer.FromHead(head.AsSpan(0, ReadAt(0, head)));
    }

    /// <summary>Whether a file is there and is all of a video. One of no known container is taken for it.</summary>
    public static bool IsWhole(string path)
    {
        // A link that leads nowhere "exists" on some systems; a pipe has no length, and opening it would wait.
        if (!File.Exists(path) || new FileInfo(FileLinks.Resolve(path)) is not { Exists: true, Length: > 0 })
        {
            return false;
        }

        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            return new VideoBytes(stream).Examine() is { } state ? state >= Wholeness.Plausible : VideoContainer.ExtensionIn(path) is null;
        }
        catch (FileNotFoundException)
        {
            return false; // not every framework follows links
        }
    }

    public int ReadAt(long position, byte[] bytes)
    {
        stream.Seek(position, SeekOrigin.Begin);
        int read = 0;
        for (int count; read < bytes.Length && (count = stream.Read(bytes, read, bytes.Length - read)) > 0; read += count)
        {
        }

        return read;
    }
}
