using System.Net;

namespace KlingEffects.Binding;

/// <summary>A command's gateway, address and key: by its parameters, else by the environment.</summary>
internal sealed record GatewaySource(KlingGateway Gateway, Uri Address)
{
    /// <summary>By the given gateway; else by the host of the address; else CometAPI.</summary>
    public static GatewaySource Read(KlingGatewayName? gateway, Uri? given)
    {
        KlingGateway? named = gateway is { } name ? KlingGateway.From(name) : null;
        Uri address = given is null ? AddressOf(named ?? KlingGateway.CometApi) : BaseAddress.Read(given);
        return new(named ?? KlingGateway.At(address) ?? KlingGateway.CometApi, address);
    }

    public static bool HasKey(KlingGateway gateway) => KeyOf(gateway) is not null;

    /// <summary>This one, or another gateway by the environment alone.</summary>
    public GatewaySource For(KlingGateway gateway) => gateway == Gateway ? this : new(gateway, AddressOf(gateway));

    /// <summary>The key: the command's <c>-ApiKey</c> for its own gateway, else the environment's.</summary>
    /// <exception cref="KlingException">ApiKeyMissing.</exception>
    public string ReadKey(SecureString? given, KlingGateway own)
    {
        string? key = given is null || Gateway != own ? KeyOf(Gateway) : PastedText.NullIfBlank(new NetworkCredential("", given).Password);
        return key ?? throw Missing(given, own);
    }

    private static Uri AddressOf(KlingGateway gateway)
    {
        string address = UserSetting.Read(gateway.BaseUriVariable) ?? "";
        Uri? read = Uri.TryCreate(address, UriKind.RelativeOrAbsolute, out Uri? uri) ? BaseAddress.Read(uri) : null;
        return address.Length == 0 ? gateway.DefaultBaseUri
            : read is { IsAbsoluteUri: true } ? read
            : throw new KlingException(
                KlingErrorId.InvalidRequest,
                $"$env:{gateway.BaseUriVariable} holds '{ServerText.WithoutQuery(address)}', which is no http(s) address.",
                advice: $"Correct $env:{gateway.BaseUriVariable} or give -BaseUri, such as "
                    + $"{gateway.DefaultBaseUri.GetLeftPart(UriPartial.Authority)}.");
    }

    private KlingException Missing(SecureString? given, KlingGateway own)
    {
        string where = given is null ? $"neither -ApiKey nor $env:{Gateway.KeyVariable} holds one"
            : Gateway == own ? "-ApiKey is empty"
            : $"$env:{Gateway.KeyVariable} holds none, and -ApiKey is for {own.Title}";
        string remedy = Gateway == own
            ? $"Set $env:{Gateway.KeyVariable} or give -ApiKey."
            : $"Set $env:{Gateway.KeyVariable}, or give -ApiKey with -Gateway {Gateway.Name}.";
        string hint = KlingGateway.All.FirstOrDefault(other => other != Gateway && HasKey(other)) is not { } other ? ""
            : $" The key in $env:{other.KeyVariable} is for {other.Title} (-Gateway {other.Name}) and goes nowhere else.";
        return new KlingException(KlingErrorId.ApiKeyMissing, $"There is no API key for {Gateway.Title}: {where}.", advice: remedy + hint);
    }

    private static string? KeyOf(KlingGateway gateway) => UserSetting.Read(gateway.KeyVariable);
}
