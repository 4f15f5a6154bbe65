namespace KlingEffects;

/// <summary>SHA-256 in one call, which .NET Standard lacks.</summary>
internal static class Sha256
{
    private const string Digits = "0123456789abcdef";

    public static byte[] Hash(string text) => Hash(Encoding.UTF8.GetBytes(text));

    public static byte[] Hash(byte[] bytes)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes);
        return hash.GetHashAndReset();
    }

    /// <summary>The first bytes in lower-case hexadecimal.</summary>
    public static string Hex(byte[] bytes, int count) =>
        string.Concat(bytes.Take(count).SelectMany(static one => new[] { Digits[one >> 4], Digits[one & 15] }));
}
