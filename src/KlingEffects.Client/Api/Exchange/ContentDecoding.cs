namespace KlingEffects.Api.Exchange;

/// <summary>Decompresses a body by what it is: proxies compress without a header, or leave the header after decompressing.</summary>
internal static class ContentDecoding
{
    private const int MostLayers = 3;
    private const int LongestLook = 16;

    /// <summary>The decompressed body, or the body itself; null if it is too long.</summary>
    public static ReadOnlyMemory<byte>? Undo(ReadOnlyMemory<byte> body, ICollection<string> named, int longest)
    {
        for (int layer = 0; layer < MostLayers && IsPacked(body.Span, named); layer++)
        {
            MemoryStream? unpacked = body.Span.StartsWith(Gzip) ? Unpack(body, longest, Gunzip, isSure: true)
                : (IsZlib(body.Span) ? Unpack(body.Slice(2), longest, Inflate) : null)
                ?? (IsNamed(named, "br") ? Unpack(body, longest, FrameworkExtensions.DecompressBrotli) : null)
                ?? (IsNamed(named, "deflate") ? Unpack(body, longest, Inflate) : null);
            if (unpacked is null or { Length: 0 })
            {
                break;
            }

            if (unpacked.Length > longest)
            {
                return null;
            }

            body = new ReadOnlyMemory<byte>(unpacked.GetBuffer(), 0, (int)unpacked.Length);
        }

        return body;
    }

    public static ReadOnlySpan<byte> Gzip => [0x1F, 0x8B];

    private static bool IsPacked(ReadOnlySpan<byte> body, ICollection<string> named) =>
        body.StartsWith(Gzip) || IsZlib(body) || (named.Count > 0 && !IsText(body));

    public static bool IsZlib(ReadOnlySpan<byte> body) => body.Length > 2 && (body[0] & 0x8F) == 8 && ((body[0] << 8) | body[1]) % 31 == 0;

    private static bool IsNamed(ICollection<string> named, string word) => named.Contains(word, StringComparer.OrdinalIgnoreCase);

    private static bool IsText(ReadOnlySpan<byte> body) => body.Slice(0, Math.Min(body.Length, LongestLook)).ToArray()
        .All(static symbol => symbol is (>= (byte)' ' and <= (byte)'~') or (byte)'\t' or (byte)'\r' or (byte)'\n');

    private static Stream Gunzip(Stream packed) => new GZipStream(packed, CompressionMode.Decompress);

    private static Stream Inflate(Stream packed) => new DeflateStream(packed, CompressionMode.Decompress);

    // Two bytes or a header may be chance, so only a body that decompresses to its end counts; gzip's beginning is sure.
    private static MemoryStream? Unpack(ReadOnlyMemory<byte> body, int longest, Func<Stream, Stream?> open, bool isSure = false)
    {
        MemoryStream unpacked = new();
        byte[] block = new byte[16 * 1024];
        using MemoryStream packed = new(body.ToArray());
        using Stream? stream = open(packed);
        try
        {
            while (unpacked.Length <= longest && stream?.Read(block, 0, block.Length) is > 0 and var read)
            {
                unpacked.Write(block, 0, read);
            }

            return unpacked;
        }
        catch (Exception fault) when (fault is InvalidDataException or InvalidOperationException or IOException)
        {
            return isSure ? unpacked : null;
        }
    }
}
