#if !NETSTANDARD2_0
using System.IO.Compression;
#endif

namespace KlingEffects;

/// <summary>Brotli, which .NET Framework has not.</summary>
internal static class Brotli
{
    /// <summary>The stream unpacked; null where that can't be done.</summary>
    public static Stream? Decompress(Stream packed) =>
#if NETSTANDARD2_0
        null;
#else
        new BrotliStream(packed, CompressionMode.Decompress);
#endif
}
