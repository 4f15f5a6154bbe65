using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace KlingEffects.Videos;

/// <summary>
/// A digest of the whole video by which its host says what it should be: Content-MD5, Digest (RFC 3230), Repr- and Content-Digest (RFC 9530), and those of
/// Google (x-goog-hash), S3 (x-amz-checksum-…), Azure, OSS and COS. An ETag is none: only its host knows what it is made of.
/// </summary>
/// <param name="Header">The header's name.</param>
/// <param name="Algorithm">As headers name it, without hyphens.</param>
/// <param name="Expected">The digest.</param>
internal sealed record ContentDigest(string Header, string Algorithm, byte[] Expected)
{
    private const int BlockSize = 256 * 1024;

    // Which headers name their algorithm before each value; the others are of one. Of a part's answer, only the first four speak of the whole.
    private static readonly string[] OfTheWhole = ["Digest", "Repr-Digest", "x-goog-hash", "x-ms-blob-content-md5=md5", "x-oss-hash-crc64ecma=crc64ecma", "x-cos-hash-crc64ecma=crc64ecma"];
    private static readonly string[] OfTheContent =
    [
        "Content-Digest", "Content-MD5=md5", "x-amz-checksum-sha256=sha256", "x-amz-checksum-sha1=sha1",
        "x-amz-checksum-crc32=crc32", "x-amz-checksum-crc32c=crc32c", "x-amz-checksum-crc64nvme=crc64nvme",
    ];

    private static readonly Regex Pair = new(@"([A-Za-z0-9-]+)\s*=\s*:?([A-Za-z0-9+/]+={0,2}):?", RegexOptions.CultureInvariant);

    /// <summary>What an answer tells that can be checked.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="isPart">Whether its content is a part of the video.</param>
    public static IEnumerable<ContentDigest> Of(HttpResponseMessage response, bool isPart)
    {
        foreach (string kind in isPart ? OfTheWhole : OfTheWhole.Concat(OfTheContent))
        {
            string[] halves = kind.Split('=');
            IEnumerable<string>? values = null;
            if (response.Headers.TryGetValues(halves[0], out values) || response.Content.Headers.TryGetValues(halves[0], out values))
            {
                IEnumerable<(string, string)> pairs = halves.Length == 2
                    ? values.Select(value => (halves[1], value.Trim()))
                    : values.SelectMany(static value => Pair.Matches(value).Cast<Match>()).Select(static pair => (pair.Groups[1].Value, pair.Groups[2].Value));
                foreach ((string name, string value) in pairs)
                {
                    string algorithm = name.Replace("-", "").ToLowerInvariant();
                    if (Read(value, Create(algorithm)?.Length ?? 0) is { } expected)
                    {
                        yield return new ContentDigest(halves[0], algorithm, expected);
                    }
                }
            }
        }
    }

    /// <summary>The first of the digests that the video does not fit; null where it fits all.</summary>
    public static ContentDigest? Misfit(IReadOnlyList<ContentDigest> digests, VideoBytes video)
    {
        Hash[] hashes = [.. digests.Select(static digest => Create(digest.Algorithm)!)];
        byte[] block = new byte[BlockSize];
        for (long position = 0; hashes.Length > 0 && position < video.Length;)
        {
            int read = video.ReadAt(position, block);
            Array.ForEach(hashes, hash => hash.Add(block, read));
            position += read;
        }

        return digests.Where((digest, at) => !hashes[at].End().SequenceEqual(digest.Expected)).FirstOrDefault();
    }

    // Base64, or as hosts also write it, hexadecimal or (a CRC of 64 bits) decimal. Null for what is no digest of that length.
    private static byte[]? Read(string text, int length)
    {
        if (length == 0)
        {
            return null;
        }

        if (text.Length == 2 * length && text.All(Uri.IsHexDigit))
        {
            return [.. Enumerable.Range(0, length).Select(at => Convert.ToByte(text.Substring(2 * at, 2), 16))];
        }

        try
        {
            return length == sizeof(ulong) && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? Crc.Bytes(number, length)
                : Convert.FromBase64String(text) is { } bytes && bytes.Length == length ? bytes : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static Hash? Create(string algorithm) => algorithm switch
    {
        "md5" => new Hash(HashAlgorithmName.MD5, 16),
        "sha" or "sha1" => new Hash(HashAlgorithmName.SHA1, 20),
        "sha256" => new Hash(HashAlgorithmName.SHA256, 32),
        "sha384" => new Hash(HashAlgorithmName.SHA384, 48),
        "sha512" => new Hash(HashAlgorithmName.SHA512, 64),
        "crc32" => new Crc(0xEDB88320, 4),
        "crc32c" => new Crc(0x82F63B78, 4),
        "crc64ecma" => new Crc(0xC96C5795D7870F42, 8),
        "crc64nvme" => new Crc(0x9A6C9329AC4BC9B5, 8),
        _ => null,
    };

    private class Hash(HashAlgorithmName name, int length)
    {
        private readonly IncrementalHash? _hash = name.Name is null ? null : IncrementalHash.CreateHash(name);

        public int Length => length;

        public virtual void Add(byte[] block, int count) => _hash!.AppendData(block, 0, count);

        public virtual byte[] End() => _hash!.GetHashAndReset();
    }

    private sealed class Crc(ulong polynomial, int length) : Hash(default, length)
    {
        private readonly ulong[] _table = [.. Enumerable.Range(0, 256).Select(start => Enumerable.Range(0, 8)
            .Aggregate((ulong)start, (value, _) => (value & 1) == 0 ? value >> 1 : (value >> 1) ^ polynomial))];

        private ulong _value = ulong.MaxValue >> (64 - (8 * length));

        public static byte[] Bytes(ulong value, int length) => [.. BitConverter.GetBytes(value).Take(length).Reverse()];

        public override void Add(byte[] block, int count)
        {
            for (int at = 0; at < count; at++)
            {
                _value = (_value >> 8) ^ _table[(byte)(_value ^ block[at])];
            }
        }

        public override byte[] End() => Bytes(_value ^ (ulong.MaxValue >> (64 - (8 * Length))), Length);
    }
}
