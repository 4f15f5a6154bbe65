namespace KlingEffects.Images;

/// <summary>Describes files that are no JPEG or PNG, for the message.</summary>
internal static class FileSignature
{
    private static readonly (string Description, int Offset, string[] Starts)[] Known =
    [
        ("a GIF image", 0, ["GIF8"]),
        ("a WebP image", 8, ["WEBP"]),
        ("a TIFF or camera raw image", 0, ["II*\0", "MM\0*"]),
        ("an AVIF image", 4, ["ftypavif", "ftypavis"]),
        ("a HEIC image", 4, ["ftyphe", "ftypmif1", "ftypmsf1"]),
        ("a camera raw image", 4, ["ftypcrx"]),
        ("a video", 4, ["ftyp"]),
        ("a JPEG XL image", 0, ["\0\0\0\fJXL ", "\u00ff\n"]),
        ("a JPEG 2000 image", 0, ["\0\0\0\fjP  "]),
        ("a BMP image", 0, ["BM"]),
        ("a Photoshop file", 0, ["8BPS"]),
        ("an icon", 0, ["\0\0\u0001\0"]),
        ("a PDF document", 0, ["%PDF"]),
        ("a ZIP archive or Office document", 0, ["PK\u0003\u0004"]),
        ("base64 text of a JPEG image, not the image itself", 0, ["/9j/"]),
        ("base64 text of a PNG image, not the image itself", 0, ["iVBORw0KGgo"]),
        ("a data: URI as text, not the image itself", 0, ["data:image/"]),
        ("a Git LFS pointer, not the image itself", 0, ["version https://git-lfs"]),
    ];

    public static string Describe(ReadOnlySpan<byte> start)
    {
        string text = Encoding.GetEncoding("iso-8859-1").GetString(start.ToArray());
        bool Begins(string start, int offset) => text.Length > offset && string.CompareOrdinal(text, offset, start, 0, start.Length) == 0;
        if (Array.Find(Known, one => Array.Exists(one.Starts, start => Begins(start, one.Offset))) is { Description: { } description })
        {
            return description;
        }

        string trimmed = text.TrimStart('\u00ef', '\u00bb', '\u00bf', ' ', '\t', '\r', '\n');
        return trimmed.Length == 0 || trimmed[0] != '<' ? "neither a JPEG nor a PNG image"
            : trimmed.Contains("<svg", StringComparison.OrdinalIgnoreCase) ? "an SVG image"
            : "a web page or other markup";
    }
}
