using System.Net;
using System.Security;
using KlingEffects.Api.Gateways;

namespace KlingEffects.Binding;

/// <summary>Where a gateway's key comes from.</summary>
internal static class ApiKeySource
{
    /// <param name="given">The command's <c>-ApiKey</c>, or null.</param>
    /// <param name="gateway">Whose key it is to be.</param>
    /// <param name="own">The gateway that the command's <c>-ApiKey</c> is for: no other's host is sent it.</param>
    /// <exception cref="KlingException">ApiKeyMissing: neither the parameter nor the environment has one.</exception>
    public static string Read(SecureString? given, KlingGateway gateway, KlingGateway own)
    {
        SecureString? usable = gateway == own ? given : null;
        string key = usable is null
            ? Environment.GetEnvironmentVariable(gateway.KeyVariable) ?? ""
            : new NetworkCredential("", usable).Password;
        return IsBlank(key) ? throw Missing(given, gateway, own) : key;
    }

    /// <summary>Whether the environment has a gateway's key.</summary>
    public static bool HasKey(KlingGateway gateway) => !IsBlank(Environment.GetEnvironmentVariable(gateway.KeyVariable));

    private static KlingException Missing(SecureString? given, KlingGateway gateway, KlingGateway own)
    {
        string where = given is null ? $"neither -ApiKey nor $env:{gateway.KeyVariable} holds one"
            : gateway == own ? "-ApiKey is empty"
            : $"$env:{gateway.KeyVariable} holds none, and -ApiKey is for {own.Title}";
        KlingGateway? other = KlingGateway.All.FirstOrDefault(other => other != gateway && HasKey(other));
        string remedy = gateway == own
            ? $"Set $env:{gateway.KeyVariable} or give -ApiKey."
            : $"Set $env:{gateway.KeyVariable}, or give -ApiKey with -Gateway {gateway.Name}.";
        string hint = other is null ? "" : $" The key in $env:{other.KeyVariable} is for {other.Title} (-Gateway {other.Name}) and goes nowhere else.";
        return new KlingException(KlingErrorId.ApiKeyMissing, $"There is no API key for {gateway.Title}: {where}.") { RecommendedAction = remedy + hint };
    }

    private static bool IsBlank(string? key) => string.IsNullOrWhiteSpace(key?.Trim('\uFEFF'));
}
