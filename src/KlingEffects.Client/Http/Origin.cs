namespace KlingEffects.Http;

/// <summary>Scheme, host and port of an address, normalised for comparison.</summary>
internal sealed record Origin(string Scheme, string Host, int Port)
{
    private static readonly IdnMapping Idn = new();

    public Origin(Uri address) : this(address.Scheme, HostOf(address), address.Port)
    {
    }

    /// <summary>The host in lower-case ASCII, without a final dot.</summary>
    public static string HostOf(Uri address) => address.HostNameType == UriHostNameType.Dns ? Canonical(address.IdnHost) : address.Host;

    /// <summary>A host name, normalised likewise; full-width letters and dots become ASCII (RFC 5895, 2).</summary>
    public static string Canonical(string host)
    {
        string plain = string.Concat(host.Normalize(NormalizationForm.FormKC)
            .Where(static c => char.GetUnicodeCategory(c) != UnicodeCategory.Format)
            .Select(static c => c == '\u3002' ? '.' : c)).TrimEnd('.').ToLowerInvariant();
        try
        {
            return plain.All(static c => c < '\x80') ? plain : Idn.GetAscii(plain).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return plain;
        }
    }
}
