using System.Buffers.Binary;

namespace KlingEffects.Videos.Containers;

/// <summary>A container of videos: how its files begin, what they are called, and how they tell that all of them is there.</summary>
internal sealed record VideoContainer(string[] Extensions, Func<VideoBytes, Wholeness> Examine)
{
    public const string DefaultExtension = ".mp4";

    /// <summary>How many bytes of a file tell its container: those of Matroska name their kind in the first element.</summary>
    public const int HeadLength = 64;

    private static readonly VideoContainer Mp4 = new([DefaultExtension, ".m4v", ".mov"], BoxWalk.Examine);
    private static readonly VideoContainer QuickTime = new([".mov"], BoxWalk.Examine);
    private static readonly VideoContainer WebM = new([".webm", ".mkv"], ElementWalk.Examine);
    private static readonly VideoContainer Matroska = new([".mkv", ".webm"], ElementWalk.Examine);
    private static readonly VideoContainer Avi = new([".avi"], ExamineRiff);
    private static readonly string[] QuickTimeStarts = ["moov", "mdat", "wide", "free", "skip"];
    private static readonly string[] Known = [.. new[] { Mp4, WebM, Matroska, Avi }.SelectMany(static one => one.Extensions).Distinct()];

    public static VideoContainer? FromHead(ReadOnlySpan<byte> head) =>
        Has(head, 4, "ftyp"u8) ? Mp4
        : head.Length >= 8 && QuickTimeStarts.Contains(Encoding.ASCII.GetString(head.Slice(4, 4).ToArray())) ? QuickTime
        : Has(head, 0, [0x1A, 0x45, 0xDF, 0xA3]) ? head.IndexOf("matroska"u8) > 0 ? Matroska : WebM
        : Has(head, 0, "RIFF"u8) && Has(head, 8, "AVI "u8) ? Avi
        : null;

    public static string Describe(ReadOnlySpan<byte> head) =>
        head.Length == 0 ? "nothing" : IsNoText(head) ? "something that is no video" : "a page of text";

    /// <summary>Whether something is there that begins as no page and no JSON does.</summary>
    public static bool IsNoText(ReadOnlySpan<byte> head)
    {
        int start = head.StartsWith("\uFEFF"u8) ? 3 : 0;
        for (; start < head.Length && " \t\r\n"u8.IndexOf(head[start]) >= 0; start++)
        {
        }

        return head.Length > 0 && !(start < head.Length && "<{["u8.IndexOf(head[start]) >= 0);
    }

    /// <summary>The extension of a URL or a name, in lower case, if it is one of a video; else <c>.mp4</c>.</summary>
    public static string ExtensionOf(string url) => ExtensionIn(url.Split('?', '#')[0].Trim()) ?? DefaultExtension;

    public static string? ExtensionIn(string name) =>
        Known.FirstOrDefault(extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>The names that a video may have got by its content where this one was meant, itself first.</summary>
    public static IEnumerable<string> NamesFor(string path) => ExtensionIn(path) is { } own
        ? Known.Where(other => other != own).Select(other => Path.ChangeExtension(path, other)).Prepend(path)
        : [path];

    /// <summary>The path, with an extension that fits the content if its own is another container's.</summary>
    public string NameFor(string path) =>
        ExtensionIn(path) is { } own && !Extensions.Contains(own) ? Path.ChangeExtension(path, Extensions[0]) : path;

    private static bool Has(ReadOnlySpan<byte> head, int at, ReadOnlySpan<byte> bytes) =>
        head.Length >= at + bytes.Length && head.Slice(at).StartsWith(bytes);

    // An AVI is one RIFF list, or several (OpenDML), each with its length.
    private static Wholeness ExamineRiff(VideoBytes video)
    {
        byte[] header = new byte[8];
        long position = 0;
        for (int lists = 0; position < video.Length && lists < ushort.MaxValue; lists++)
        {
            if (video.ReadAt(position, header) < header.Length)
            {
                return Wholeness.Incomplete;
            }

            uint size = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4));
            position += header.Length + size + (size & 1);
        }

        // The last byte may be left out where it only makes the length even.
        return position - video.Length is 0 or 1 && video.Length > HeadLength ? Wholeness.Whole : Wholeness.Incomplete;
    }
}
