using System.Net;
using System.Security;

namespace KlingEffects.Binding;

/// <summary>Where the key comes from.</summary>
internal static class ApiKeySource
{
    public const string Variable = "COMETAPI_KEY";

    /// <exception cref="KlingException">ApiKeyMissing: neither the parameter nor the environment has one.</exception>
    public static string Read(SecureString? given)
    {
        string key = given is null
            ? Environment.GetEnvironmentVariable(Variable) ?? ""
            : new NetworkCredential("", given).Password;
        return string.IsNullOrWhiteSpace(key.Trim('\uFEFF'))
            ? throw new KlingException(
                KlingErrorId.ApiKeyMissing,
                given is null ? $"There is no API key: neither -ApiKey nor $env:{Variable} holds one." : "There is no API key: -ApiKey is empty.")
            : key;
    }
}
