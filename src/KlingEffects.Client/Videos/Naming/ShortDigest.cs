using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace KlingEffects.Videos;

/// <summary>Eight hexadecimal digits that tell two texts apart, well-formed or not.</summary>
internal static class ShortDigest
{
    private const int Bytes = 4;

    /// <summary>Whether the text could be a digest.</summary>
    public static bool IsOne(string text) => text.Length == 2 * Bytes && text.All(static c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    public static string Of(string text)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()).ToArray());
        return string.Concat(hash.GetHashAndReset().Take(Bytes).Select(static b => b.ToString("x2", CultureInfo.InvariantCulture)));
    }
}
