namespace KlingEffects.Api.Gateways;

/// <summary>A gateway's key as people paste it.</summary>
internal static class GatewayKey
{
    // CometAPI's console; Kling's page on authentication: a JSON Web Token, signed with a key of the older kind (2026-11).
    private static readonly (KlingGateway Owner, Regex Form)[] Forms =
    [
        (KlingGateway.CometApi, new Regex("^sk-", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)),
        (KlingGateway.Kling, new Regex(@"^eyJ[\w-]*\.[\w-]+\.[\w-]*$", RegexOptions.CultureInvariant)),
    ];

    /// <summary>The key without blanks and quotation marks around it.</summary>
    /// <exception cref="KlingException">ApiKeyMissing: it is blank, invalid, or by its form another gateway's.</exception>
    public static string Read(string given, KlingGateway gateway)
    {
        string key = PastedText.Unquoted(given);
        bool hasName = KlingGateway.All.Any(named => key.StartsWith(named.KeyVariable + "=", StringComparison.OrdinalIgnoreCase));
        KlingGateway? owner = Forms.FirstOrDefault(form => form.Form.IsMatch(key)).Owner;
        return key.Length == 0
                ? throw Refused(gateway, "There is no API key.", $"Set {Term.Variable(gateway.KeyVariable)} or give {Term.ApiKey}.")
            : key.Any(static c => c is < '!' or > '~')
                ? throw Refused(gateway, "The API key holds a character that no key has, such as a space or a line break.")
            : PastedText.HasQuote(key) || hasName ? throw Refused(
                gateway,
                "The API key holds a quotation mark, or the name of its setting, which no key has.",
                "Give the key alone, without the quotation marks and the name that may stand around it in a file of settings.")
            : owner is null || owner == gateway ? key : throw Refused(
                gateway,
                $"The API key is {owner.Title}'s by its form, and the gateway is {gateway.Title}: "
                    + $"the key of one is not sent to the other.",
                $"Give {gateway.Title}'s key in {Term.Variable(gateway.KeyVariable)} or {Term.ApiKey}, "
                    + $"or name the gateway with {Term.Gateway} {owner.Name}.");
    }

    private static KlingException Refused(KlingGateway gateway, SafeText message, string? remedy = null) =>
        new(KlingErrorId.ApiKeyMissing, message, advice: remedy ?? $"Check {Term.Variable(gateway.KeyVariable)} or {Term.ApiKey}.");
}
