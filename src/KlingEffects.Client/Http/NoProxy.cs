namespace KlingEffects.Http;

/// <summary>Matches hosts against NO_PROXY as curl does (lib/noproxy.c, 8.17): a name matches itself and its subdomains, with or without
/// a leading dot or <c>*.</c>; <c>*</c> matches all; addresses may be networks (CIDR). Here a port narrows it.</summary>
internal static class NoProxy
{
    public static bool Has(string? rules, Uri address)
    {
        string host = Origin.HostOf(address);
        IPAddress? ip = Address(host);
        return (rules ?? "").Split([',', ' ', '\t', ';'], StringSplitOptions.RemoveEmptyEntries)
            .Any(rule => rule == "*" || Fits(rule, host, ip, address.Port));
    }

    private static bool Fits(string rule, string host, IPAddress? ip, int port)
    {
        (string name, string? narrowed) = SplitPort(rule);
        if (narrowed is not null && narrowed != port.ToString(CultureInfo.InvariantCulture))
        {
            return false;
        }

        if (ip is not null)
        {
            string[] parts = name.Split('/');
            return Address(parts[0]) is { } network && IsWithin(ip, network, parts.Length > 1 ? parts[1] : null);
        }

        string domain = Origin.Canonical(name.TrimStart('*').TrimStart('.'));
        return domain.Length > 0 && (host == domain || host.EndsWith("." + domain, StringComparison.Ordinal));
    }

    // "host:80" and "[::1]:80"; an IPv6 address without brackets has no port.
    private static (string Name, string? Port) SplitPort(string rule)
    {
        int colon = rule.LastIndexOf(':');
        bool hasPort = colon > 0 && (rule[colon - 1] == ']' || rule.IndexOf(':') == colon) && rule.Skip(colon + 1).All(char.IsDigit);
        return hasPort ? (rule.Substring(0, colon), rule.Substring(colon + 1)) : (rule, null);
    }

    private static IPAddress? Address(string text)
    {
        string plain = text.Trim('[', ']');
        return (plain.Contains(':') || plain.Count(static c => c == '.') == 3) && IPAddress.TryParse(plain, out IPAddress? address)
            ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address
            : null;
    }

    private static bool IsWithin(IPAddress address, IPAddress network, string? length)
    {
        byte[] own = address.GetAddressBytes();
        byte[] other = network.GetAddressBytes();
        int all = other.Length * 8;
        int bits = length is null ? all
            : int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out int told) && told <= all ? told : -1;
        return bits >= 0 && own.Length == other.Length
            && Enumerable.Range(0, bits).All(bit => ((own[bit / 8] ^ other[bit / 8]) >> (7 - (bit % 8)) & 1) == 0);
    }
}
