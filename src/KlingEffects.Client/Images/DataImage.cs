namespace KlingEffects.Images;

/// <summary>An image in a <c>data:</c> URI, decoded once, so that plain base64 is sent.</summary>
internal sealed class DataImage : LocalImage
{
    public const string Scheme = "data:";

    private const string Base64Mark = "base64,";
    private const string Marker = ";base64";
    private const int LongestMediaType = 40;

    private static readonly string[] ImageStarts = ["/9j/", "iVBORw0KGgo"];

    private readonly byte[] _content;
    private readonly string _name;

    private DataImage(string name, byte[] content) => (_name, _content) = (name, content);

    public override string Target => _name;
    internal override long Held => _content.Length;
    protected override string ShortName => "a data: URI";

    /// <summary>Whether the text begins like base64 of a JPEG or PNG, with or without a <c>data:</c> prefix.</summary>
    public static bool IsBase64(string text)
    {
        int start = text.IndexOf(Base64Mark, StringComparison.OrdinalIgnoreCase);
        string bare = text.Substring(start < 0 ? 0 : start + Base64Mark.Length).TrimStart();
        return Array.Exists(ImageStarts, begin => bare.StartsWith(begin, StringComparison.Ordinal));
    }

    /// <exception cref="KlingException">ImageInvalid: no base64 content. The message never holds the content.</exception>
    public static DataImage Parse(string uri)
    {
        int comma = uri.IndexOf(',');
        string head = comma < 0 ? "" : uri.Substring(Scheme.Length, comma - Scheme.Length).Trim();
        if (!head.EndsWith(Marker, StringComparison.OrdinalIgnoreCase))
        {
            throw Refused(Name(head, uri.Length), "does not say that its content is base64 text");
        }

        if (Decode(uri.Substring(comma + 1)) is not { } content)
        {
            throw Refused(Name(head, uri.Length - comma - 1), "holds no valid base64 text");
        }

        string name = Name(head, content.Length);
        return content.Length > 0 ? new DataImage(name, content) : throw Refused(name, "is empty");
    }

    public override string ToString() => _name;

    public override Stream Open() => new MemoryStream(_content, writable: false);

    public override ImageStamp Stamp(Stream opened) => new(_content.Length, default);

    // People paste it with line breaks, percent escapes or without padding.
    private static byte[]? Decode(string text)
    {
        string bare = string.Concat(Uri.UnescapeDataString(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        try
        {
            return Convert.FromBase64String(bare.PadRight((bare.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string Name(string head, int size)
    {
        string media = head.Split(';')[0];
        bool isShown = media.Length is > 0 and <= LongestMediaType;
        return $"data:{(isShown ? ServerText.Clean(media) + ";" : "")}… ({ByteSize.Describe(size)})";
    }

    private static KlingException Refused(string name, string problem) => Refused(
        KlingErrorId.ImageInvalid, $"'{name}' {problem}.", name,
        "Give 'data:image/jpeg;base64,' followed by the base64 text of a JPEG or PNG image, or name a file.");
}
