using KlingEffects.Api.Gateways;

namespace KlingEffects.Binding;

/// <summary>Suggests the gateways.</summary>
public sealed class GatewayCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Words => KlingGateway.All.Select(static gateway => gateway.Name.ToString());

    /// <inheritdoc/>
    protected override string Describe(string word)
    {
        KlingGateway gateway = KlingGateway.All.First(gateway => gateway.Name.ToString() == word);
        return $"{word}: {gateway.DefaultBaseUri.Host}, with the key in $env:{gateway.KeyVariable}";
    }
}
