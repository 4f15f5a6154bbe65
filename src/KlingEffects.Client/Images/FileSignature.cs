namespace KlingEffects.Images;

/// <summary>Recognises what is given in place of a JPEG or PNG, so that the message can say it.</summary>
internal static class FileSignature
{
    private static readonly (string Start, int Offset, string Description)[] Known =
    [
        ("GIF8", 0, "a GIF image"),
        ("WEBP", 8, "a WebP image"),
        ("II*\0", 0, "a TIFF or camera raw image"),
        ("MM\0*", 0, "a TIFF or camera raw image"),
        ("ftypavif", 4, "an AVIF image"),
        ("ftypavis", 4, "an AVIF image"),
        ("ftyphe", 4, "a HEIC image"),
        ("ftypmif1", 4, "a HEIC image"),
        ("ftypmsf1", 4, "a HEIC image"),
        ("ftypcrx", 4, "a camera raw image"),
        ("ftyp", 4, "a video"),
        ("\0\0\0\fJXL ", 0, "a JPEG XL image"),
        ("\u00ff\n", 0, "a JPEG XL image"),
        ("\0\0\0\fjP  ", 0, "a JPEG 2000 image"),
        ("BM", 0, "a BMP image"),
        ("8BPS", 0, "a Photoshop file"),
        ("\0\0\u0001\0", 0, "an icon"),
        ("%PDF", 0, "a PDF document"),
        ("PK\u0003\u0004", 0, "a ZIP archive or Office document"),
        ("/9j/", 0, "base64 text of a JPEG image, not the image itself"),
        ("iVBORw0KGgo", 0, "base64 text of a PNG image, not the image itself"),
        ("data:image/", 0, "a data: URI as text, not the image itself"),
        ("version https://git-lfs", 0, "a Git LFS pointer, not the image itself"),
    ];

    public static string Describe(ReadOnlySpan<byte> start)
    {
        string text = Encoding.GetEncoding("iso-8859-1").GetString(start.ToArray());
        if (Array.Find(Known, one => text.Length > one.Offset
            && string.CompareOrdinal(text, one.Offset, one.Start, 0, one.Start.Length) == 0)
            is { Description: { } description })
        {
            return description;
        }

        string trimmed = text.TrimStart('\u00ef', '\u00bb', '\u00bf', ' ', '\t', '\r', '\n');
        return trimmed.Length == 0 || trimmed[0] != '<' ? "neither a JPEG nor a PNG image"
            : trimmed.Contains("<svg", StringComparison.OrdinalIgnoreCase) ? "an SVG image"
            : "a web page or other markup";
    }
}
