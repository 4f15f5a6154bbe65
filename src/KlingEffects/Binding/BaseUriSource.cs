using KlingEffects.Api.Gateways;

namespace KlingEffects.Binding;

/// <summary>Where the API's address comes from.</summary>
internal static class BaseUriSource
{
    public const string Variable = "COMETAPI_BASE_URL";

    /// <exception cref="KlingException">InvalidRequest: the environment holds something that is no address.</exception>
    public static Uri Read(Uri? given)
    {
        if (given is not null)
        {
            return given;
        }

        string? address = Environment.GetEnvironmentVariable(Variable)?.Trim();
        return string.IsNullOrEmpty(address) ? KlingGateway.CometApi.DefaultBaseUri
            : Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) ? uri
            : throw new KlingException(KlingErrorId.InvalidRequest, $"$env:{Variable} holds '{ServerText.WithoutQuery(address!)}', which is no http(s) address.")
            {
                RecommendedAction = $"Correct $env:{Variable} or give -BaseUri.",
            };
    }
}
