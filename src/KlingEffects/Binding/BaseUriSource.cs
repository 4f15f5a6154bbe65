using KlingEffects.Api.Gateways;

namespace KlingEffects.Binding;

/// <summary>Whose API a command speaks to, and at which address.</summary>
/// <param name="Gateway">The gateway.</param>
/// <param name="Address">Its address.</param>
internal sealed record BaseUriSource(KlingGateway Gateway, Uri Address)
{
    /// <summary>By what the command was given; where no gateway was, the host tells, and it is CometAPI's where that tells nothing.</summary>
    /// <exception cref="KlingException">InvalidRequest: the environment holds something that is no address.</exception>
    public static BaseUriSource Read(KlingGatewayName? gateway, Uri? given)
    {
        Uri? address = given is null ? null : BaseAddress.Read(given);
        if (gateway is { } name)
        {
            KlingGateway named = KlingGateway.From(name);
            return address is null ? FromEnvironment(named) : new(named, address);
        }

        Uri known = address ?? FromEnvironment(KlingGateway.CometApi).Address;
        return new(KlingGateway.At(known) ?? KlingGateway.CometApi, known);
    }

    /// <summary>By the environment alone.</summary>
    /// <exception cref="KlingException">InvalidRequest: the environment holds something that is no address.</exception>
    public static BaseUriSource FromEnvironment(KlingGateway gateway)
    {
        string address = PastedText.Trim(Environment.GetEnvironmentVariable(gateway.BaseUriVariable) ?? "");
        return new(gateway, address.Length == 0 ? gateway.DefaultBaseUri
            : Uri.TryCreate(address, UriKind.RelativeOrAbsolute, out Uri? uri) && BaseAddress.Read(uri) is { IsAbsoluteUri: true } read ? read
            : throw new KlingException(KlingErrorId.InvalidRequest, $"$env:{gateway.BaseUriVariable} holds '{ServerText.WithoutQuery(address)}', which is no http(s) address.")
            {
                RecommendedAction = $"Correct $env:{gateway.BaseUriVariable} or give -BaseUri, such as {gateway.DefaultBaseUri.GetLeftPart(UriPartial.Authority)}.",
            });
    }
}
