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

/// <summary>The bytes of a file that has a video's name, or is to get it. One by another name may be of any kind.</summary>
internal class VideoBytes(Stream stream, string name)
{
    private readonly bool _isOfAnyKind = VideoContainer.ExtensionIn(name) is null;

    public long Length { get; protected set; } = stream.Length;

    public Wholeness State => Length == 0 ? Wholeness.Incomplete
        : ReadContainer() is { } container ? container.Examine(this)
        : _isOfAnyKind ? Wholeness.Plausible
        : Wholeness.Broken;

    public bool CanBegin(ReadOnlySpan<byte> head) =>
        VideoContainer.FromHead(head) is not null || (_isOfAnyKind && VideoContainer.IsNoText(head));

    public VideoContainer? ReadContainer()
    {
        byte[] head = new byte[VideoContainer.HeadLength];
        return VideoContainer.FromHead(head.AsSpan(0, ReadAt(0, head)));
    }

    /// <summary>Whether a file is there and is all of a video.</summary>
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
            return new VideoBytes(stream, path).State >= Wholeness.Plausible;
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
