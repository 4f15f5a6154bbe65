namespace KlingEffects.Images;

/// <summary>
/// What the server takes. The bounds are the same for both sides, so an EXIF orientation, which swaps them, changes no verdict.
/// </summary>
internal static class ImageRules
{
    /// <summary>10 MB, read as 10 × 1024 × 1024 bytes of the file itself: the documentation says "10MB" and no more.</summary>
    public const long LargestSize = 10 * ByteSize.Mega;

    /// <summary>In pixels.</summary>
    public const int ShortestSide = 300;

    private const string Allowed =
        "the API takes JPEG or PNG images of at most 10 MB, at least 300 pixels a side, in proportions from 1:2.5 to 2.5:1.";

    /// <exception cref="KlingException">ImageInvalid, with what the image is and what is allowed.</exception>
    public static void Check(LocalImage image, ImageHeader header, long size)
    {
        if (Problem(header, size) is { } problem)
        {
            throw image.Invalid($"is {problem}: {Allowed}");
        }
    }

    private static string? Problem(ImageHeader header, long size)
    {
        if (!header.IsAccepted)
        {
            return header.Description;
        }

        if (size > LargestSize)
        {
            return ByteSize.Describe(size);
        }

        if (!header.HasSize)
        {
            return header.Description + " whose header is damaged or cut off";
        }

        if (header.IsCutOff && header.Description.Contains("PNG", StringComparison.Ordinal))
        {
            return header.Description + " that is cut off, for its last part (IEND) is missing";
        }

        return header.ShortSide < ShortestSide || header.LongSide * 2L > header.ShortSide * 5L
            ? FormattableString.Invariant($"{header.Width} x {header.Height} pixels")
            : null;
    }
}
