namespace KlingEffects.Videos.Containers;

/// <summary>A container of videos: the start of its files, their extensions, and how to tell that one is complete.</summary>
internal sealed record VideoContainer(string[] Extensions, Func<VideoBytes, Wholeness> Examine)
{
    public const string DefaultExtension = ".mp4";

    /// <summary>The bytes that tell the container: Matroska's first element names it.</summary>
    public const int HeadLength = 64;

    private static readonly VideoContainer Mp4 = new([DefaultExtension, ".m4v", ".mov"], BoxWalk.Examine);
    private static readonly VideoContainer QuickTime = new([".mov"], BoxWalk.Examine);
    private static readonly VideoContainer WebM = new([".webm", ".mkv"], ElementWalk.Examine);
    private static readonly VideoContainer Matroska = new([".mkv", ".webm"], ElementWalk.Examine);
    private static readonly string[] QuickTimeStarts = ["moov", "mdat", "wide", "free", "skip"];
    private static readonly string[] Known = [.. new[] { Mp4, WebM, Matroska }.SelectMany(static one => one.Extensions).Distinct()];

    public static VideoContainer? FromHead(ReadOnlySpan<byte> head) =>
        Has(head, 4, "ftyp"u8) ? Mp4
        : head.Length >= 8 && QuickTimeStarts.Contains(Encoding.ASCII.GetString(head.Slice(4, 4).ToArray())) ? QuickTime
        : Has(head, 0, [0x1A, 0x45, 0xDF, 0xA3]) ? head.IndexOf("matroska"u8) > 0 ? Matroska : WebM
        : null;

    public static string Describe(ReadOnlySpan<byte> head) =>
        head.Length == 0 ? "nothing" : IsNoText(head) ? "something that is no video" : "a page of text";

    /// <summary>Whether the bytes are no web page and no JSON.</summary>
    public static bool IsNoText(ReadOnlySpan<byte> head)
    {
        int start = head.StartsWith("\uFEFF"u8) ? 3 : 0;
        for (; start < head.Length && " \t\r\n"u8.IndexOf(head[start]) >= 0; start++)
        {
        }

        return head.Length > 0 && !(start < head.Length && "<{["u8.IndexOf(head[start]) >= 0);
    }

    /// <summary>The lower-case extension of a URL or name if it is a video's; else <c>.mp4</c>.</summary>
    public static string ExtensionOf(string url) => ExtensionIn(url.Split('?', '#')[0].Trim()) ?? DefaultExtension;

    public static string? ExtensionIn(string name) =>
        Known.FirstOrDefault(extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>The path and its variants with other extensions, which a video may have got by its content.</summary>
    public static IEnumerable<string> NamesFor(string path) => ExtensionIn(path) is { } own
        ? Known.Where(other => other != own).Select(other => Path.ChangeExtension(path, other)).Prepend(path)
        : [path];

    /// <summary>The path, with this container's extension if it has another one's.</summary>
    public string NameFor(string path) =>
        ExtensionIn(path) is { } own && !Extensions.Contains(own) ? Path.ChangeExtension(path, Extensions[0]) : path;

    private static bool Has(ReadOnlySpan<byte> head, int at, ReadOnlySpan<byte> bytes) =>
        head.Length >= at + bytes.Length && head.Slice(at).StartsWith(bytes);
}
