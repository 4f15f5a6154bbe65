namespace KlingEffects.Videos.Containers;

/// <summary>The state of a file by its container: not a video; more has to come; ends in order but may be cut; complete.</summary>
internal enum Wholeness
{
    Broken,
    Incomplete,
    Plausible,
    Whole,
}

/// <summary>The bytes of a file with a video's name; under another name they may be of any kind.</summary>
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

    public static bool IsWhole(string path)
    {
        // A dangling link "exists" on some systems; a pipe has no length, and opening it would block.
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
            return false; // not every framework resolves links
        }
    }

    public static bool AreSame(string one, string other)
    {
        using FileStream first = FileStreams.OpenUnlocked(one);
        using FileStream second = FileStreams.OpenUnlocked(other);
        (VideoBytes left, VideoBytes right) = (new(first, one), new(second, other));
        (byte[] here, byte[] there) = (new byte[64 * 1024], new byte[64 * 1024]);
        bool isSame = left.Length == right.Length;
        for (long at = 0; isSame && at < left.Length; at += here.Length)
        {
            isSame = left.ReadAt(at, here) == right.ReadAt(at, there) && here.AsSpan().SequenceEqual(there);
        }

        return isSame;
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
