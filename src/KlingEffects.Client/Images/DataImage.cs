namespace KlingEffects.Images;

/// <summary>An image inside a <c>data:</c> URI; decoded once, so that what is sent is plain base64 without prefix or breaks.</summary>
internal sealed class DataImage : LocalImage
{
    public const string Scheme = "data:";

    private const string Marker = ";base64";
    private const int LongestMediaType = 40;

    private readonly ArraySegment<byte> _content;
    private readonly string _name;

    private DataImage(string name, ArraySegment<byte> content)
    {
        _name = name;
        _content = content;
    }

    public override string Target => _name;

    protected override string ShortName => "a data: URI";

    /// <exception cref="KlingException">ImageInvalid: no base64 content. The message never holds the content.</exception>
    public static DataImage Parse(string uri)
    {
        int comma = uri.IndexOf(',');
        string head = comma < 0 ? "" : uri.Substring(Scheme.Length, comma - Scheme.Length).Trim();
        if (!head.EndsWith(Marker, StringComparison.OrdinalIgnoreCase))
        {
            throw Refused(Name(head, uri.Length), "does not say that its content is base64 text");
        }

        if (Base64Text.Decode(uri.AsSpan(comma + 1)) is not { } content)
        {
            throw Refused(Name(head, uri.Length - comma - 1), "holds no valid base64 text");
        }

        string name = Name(head, content.Count);
        return content.Count > 0 ? new DataImage(name, content) : throw Refused(name, "is empty");
    }

    public override string ToString() => _name;

    internal override long Held => _content.Count;

    public override Stream Open() => new MemoryStream(_content.Array!, _content.Offset, _content.Count, writable: false);

    public override ImageStamp Stamp(Stream opened) => new(_content.Count, default);

    private static string Name(string head, int size)
    {
        string media = head.Split(';')[0];
        bool isShown = media.Length is > 0 and <= LongestMediaType;
        return $"data:{(isShown ? ServerText.Clean(media) + ";" : "")}… ({ByteSize.Describe(size)})";
    }

    private static KlingException Refused(string name, string problem) => new(KlingErrorId.ImageInvalid, $"'{name}' {problem}.")
    {
        Target = name,
        RecommendedAction = "Give 'data:image/jpeg;base64,' followed by the base64 text of a JPEG or PNG image, or name a file.",
    };
}
