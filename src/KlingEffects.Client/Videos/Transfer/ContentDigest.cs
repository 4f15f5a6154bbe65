using KlingEffects.Videos.Containers;

namespace KlingEffects.Videos.Transfer;

/// <summary>A digest of the whole video in a host's headers (RFC 3230, RFC 9530; Google, S3, Azure, OSS, COS). An ETag is none.</summary>
internal sealed record ContentDigest(string Header, string Algorithm, byte[] Expected)
{
    private const int BlockSize = 256 * 1024;

    // Headers without "=" name an algorithm before each value. In an answer with a part, only the first ones are about the whole.
    private static readonly string[] OfTheWhole =
    [
        "Digest", "Repr-Digest", "x-goog-hash", "x-ms-blob-content-md5=md5",
        "x-oss-hash-crc64ecma=crc64ecma", "x-cos-hash-crc64ecma=crc64ecma",
    ];

    private static readonly string[] OfTheContent =
    [
        "Content-Digest", "Content-MD5=md5", "x-amz-checksum-sha256=sha256", "x-amz-checksum-sha1=sha1",
        "x-amz-checksum-crc32=crc32", "x-amz-checksum-crc32c=crc32c", "x-amz-checksum-crc64nvme=crc64nvme",
    ];

    private static readonly Regex Pair = new(@"([A-Za-z0-9-]+)\s*=\s*:?([A-Za-z0-9+/]+={0,2}):?", RegexOptions.CultureInvariant);

    /// <summary>The digests of an answer that can be checked.</summary>
    public static IEnumerable<ContentDigest> From(HttpResponseMessage response, bool isPart) =>
        from kind in isPart ? OfTheWhole : [.. OfTheWhole, .. OfTheContent]
        let halves = kind.Split('=')
        from value in Values(response, halves[0])
        from Match pair in Pair.Matches(halves.Length == 2 ? $"{halves[1]}={value}" : value)
        where halves.Length == 1 || pair.Groups[2].Value == value.Trim()
        let algorithm = pair.Groups[1].Value.Replace("-", "").ToUpperInvariant()
        let expected = Read(pair.Groups[2].Value, LengthOf(algorithm))
        where expected is not null
        select new ContentDigest(halves[0], algorithm, expected);

    public static ContentDigest? Misfit(IReadOnlyList<ContentDigest> digests, VideoBytes video)
    {
        HashAlgorithm[] hashes = [.. digests.Select(static digest => Create(digest.Algorithm)!)];
        byte[] block = new byte[hashes.Length > 0 ? BlockSize : 0];
        int read;
        for (long position = 0; hashes.Length > 0 && (read = video.ReadAt(position, block)) > 0; position += read)
        {
            Array.ForEach(hashes, hash => hash.TransformBlock(block, 0, read, null, 0));
        }

        Array.ForEach(hashes, static hash => hash.TransformFinalBlock([], 0, 0));
        return digests.Where((digest, at) => !hashes[at].Hash!.SequenceEqual(digest.Expected)).FirstOrDefault();
    }

    private static IEnumerable<string> Values(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) || response.Content.Headers.TryGetValues(name, out values)
            ? values : [];

    // In base64, or as some hosts write it in hexadecimal, or decimal (a CRC of 64 bits). Null if it is no digest.
    private static byte[]? Read(string text, int length)
    {
        if (length > 0 && text.Length == 2 * length && text.All(Uri.IsHexDigit))
        {
            return [.. Enumerable.Range(0, length).Select(at => Convert.ToByte(text.Substring(2 * at, 2), 16))];
        }

        try
        {
            return length == sizeof(ulong) && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
                ? Crc.Bytes(number, length)
                : Convert.FromBase64String(text) is { Length: > 0 } bytes && bytes.Length == length ? bytes : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static int LengthOf(string algorithm)
    {
        using HashAlgorithm? hash = Create(algorithm);
        return hash?.HashSize / 8 ?? 0;
    }

    private static HashAlgorithm? Create(string algorithm) => algorithm switch
    {
        "SHA" => Create("SHA1"),
        "MD5" or "SHA1" or "SHA256" or "SHA384" or "SHA512" => (HashAlgorithm?)CryptoConfig.CreateFromName(algorithm),
        "CRC32" => new Crc(0xEDB88320, 4),
        "CRC32C" => new Crc(0x82F63B78, 4),
        "CRC64ECMA" => new Crc(0xC96C5795D7870F42, 8),
        "CRC64NVME" => new Crc(0x9A6C9329AC4BC9B5, 8),
        _ => null,
    };

    private sealed class Crc : HashAlgorithm
    {
        private readonly ulong[] _table;
        private readonly ulong _ones;
        private ulong _value;

        public Crc(ulong polynomial, int length)
        {
            _table = [.. Enumerable.Range(0, 256).Select(start => Enumerable.Range(0, 8)
                .Aggregate((ulong)start, (value, _) => (value & 1) == 0 ? value >> 1 : (value >> 1) ^ polynomial))];
            HashSizeValue = 8 * length;
            _value = _ones = ulong.MaxValue >> (64 - HashSizeValue);
        }

        public static byte[] Bytes(ulong value, int length) => [.. BitConverter.GetBytes(value).Take(length).Reverse()];

        public override void Initialize() => _value = _ones;

        protected override void HashCore(byte[] array, int ibStart, int cbSize)
        {
            for (int at = ibStart; at < ibStart + cbSize; at++)
            {
                _value = (_value >> 8) ^ _table[(byte)(_value ^ array[at])];
            }
        }

        protected override byte[] HashFinal() => Bytes(_value ^ _ones, HashSizeValue / 8);
    }
}
