namespace KlingEffects.Images;

/// <summary>What a file's first bytes tell: what it is, and of a JPEG or PNG the size in pixels.</summary>
/// <param name="Description">A noun: <c>a JPEG image</c>, <c>a web page</c>.</param>
/// <param name="IsAccepted">Whether it is a kind that the API takes.</param>
/// <param name="Width">As stored, before any EXIF orientation; 0 where the header does not tell.</param>
/// <param name="Height">As stored; 0 where the header does not tell.</param>
internal readonly record struct ImageHeader(string Description, bool IsAccepted, int Width = 0, int Height = 0)
{
    /// <summary>Whether its end is missing.</summary>
    public bool IsCutOff { get; init; }

    public bool HasSize => Width > 0 && Height > 0;

    public int ShortSide => Math.Min(Width, Height);

    public int LongSide => Math.Max(Width, Height);

    /// <summary>Reads the start of a seekable stream: bounded in bytes and memory, whatever it holds.</summary>
    public static ImageHeader Read(Stream stream)
    {
        HeaderBytes bytes = new(stream);
        ReadOnlySpan<byte> start = bytes.Peek();
        if (PngHeader.Matches(start))
        {
            (int width, int height) = PngHeader.ReadSize(start);
            return new ImageHeader("a PNG image", true, width, height) { IsCutOff = !PngHeader.HasEnd(stream) };
        }

        if (JpegHeader.Matches(start))
        {
            (int width, int height) = JpegHeader.ReadSize(bytes);
            return new ImageHeader("a JPEG image", true, width, height) { IsCutOff = !JpegHeader.HasEnd(bytes) };
        }

        return new ImageHeader(FileSignature.Describe(start), false);
    }
}
