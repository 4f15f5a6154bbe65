namespace KlingEffects.Emulator.Specification;

/// <summary>What an image string of a submit held.</summary>
/// <param name="Url">The URL, or null when the image came along as base64.</param>
/// <param name="Format"><c>jpeg</c>, <c>png</c>, or null for anything else and for URLs, which are not fetched.</param>
/// <param name="Width">Pixels, from the header; 0 where none was found.</param>
/// <param name="Height">Pixels, from the header; 0 where none was found.</param>
/// <param name="Length">Bytes of the decoded image; 0 for URLs.</param>
/// <param name="Sha256">Digest of the decoded bytes in small hexadecimal letters; null for URLs.</param>
public sealed record SubmittedImage(string? Url, string? Format, int Width, int Height, long Length, string? Sha256);
