using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace KlingEffects.Api;

/// <summary>What all pipelines of this process share because they share an account: its limits.</summary>
internal static class Account
{
    private static readonly ConcurrentDictionary<TimeProvider, ConcurrentDictionary<string, SubmitGate>> Gates = new();

    public static SubmitGate Gate(Uri root, string apiKey, TimeProvider time, Random random) =>
        Gates.GetOrAdd(time, static _ => new(StringComparer.Ordinal)).GetOrAdd(Fingerprint(root, apiKey), _ => new SubmitGate(time, random));

    private static string Fingerprint(Uri root, string apiKey)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(root.AbsoluteUri + "\n" + apiKey));
        return Convert.ToBase64String(hash.GetHashAndReset());
    }
}
