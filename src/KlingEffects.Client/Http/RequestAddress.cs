namespace KlingEffects.Http;

/// <summary>Creates addresses that are requested byte for byte as given, because signatures cover the text of a URL and ids may contain
/// slashes. Only characters that a request line can't hold are escaped (RFC 9112, 3.2); the fragment is left out.</summary>
internal static class RequestAddress
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    // As RFC 3986 has them in its appendix B; a backslash ends an authority, too.
    private static readonly Regex Parts = new(
        @"^(?:(?<scheme>[^:/?#]+):)?(?://(?<authority>[^/?#\\]*))?(?<path>[^?#]*)(?<query>\?[^#]*)?", RegexOptions.CultureInvariant);

    private static readonly Regex NotInTarget = new("[^!-~]+", RegexOptions.CultureInvariant);
    private static readonly Regex NotInSegment = new("[^0-9A-Za-z._~-]+", RegexOptions.CultureInvariant);

    /// <summary>The address; null if it is not http(s), or can't be requested as it is.</summary>
    public static Uri? TryCreate(string text)
    {
        (string scheme, string authority, string path, string query) = Split(text.Trim());
        return IsHttp(scheme) && authority.Length > 0 && Escape(path + query, NotInTarget) is { } target
            && ExactUris.TryCreate($"{scheme}://{authority}", target.Length > 0 && target[0] == '/' ? target : "/" + target) is { } uri
            && IsHttp(uri.Scheme) ? uri : null;
    }

    /// <summary>Resolves a Location header as text, so that nothing is rewritten (RFC 3986, 5.2.2); null as above.</summary>
    public static Uri? Follow(Uri address, string reference)
    {
        reference = reference.Trim();
        (string scheme, _, string path, string query) = Split(reference);
        if (scheme.Length > 0 || reference.StartsWith("//", StringComparison.Ordinal))
        {
            return TryCreate(scheme.Length > 0 ? reference : $"{address.Scheme}:{reference}");
        }

        string root = $"{address.Scheme}://{address.Authority}";
        (_, _, string basePath, string baseQuery) = Split(root + address.PathAndQuery);
        string folder = basePath.Substring(0, basePath.LastIndexOf('/') + 1);
        string merged = path.Length == 0 ? basePath : WithoutDots(path[0] == '/' ? path : folder + path);
        return TryCreate(root + merged + (path.Length == 0 && query.Length == 0 ? baseQuery : query));
    }

    /// <summary>Where a redirect leads: its bytes read as UTF-8 where they are, else escaped one by one; null for no redirect.</summary>
    public static string? Location(HttpResponseMessage response)
    {
        string? raw = HttpHandlers.RawLocation(response);
        if (raw is null || raw.Any(static c => c > '\xFF'))
        {
            return raw;
        }

        try
        {
            return Utf8.GetString([.. raw.Select(static c => (byte)c)]);
        }
        catch (ArgumentException)
        {
            return string.Concat(raw.Select(static c => c < '\x80' ? c.ToString() : $"%{(int)c:X2}"));
        }
    }

    /// <summary>The address without its query, which may be a signature, and without credentials.</summary>
    public static string Place(Uri address) => $"{address.Scheme}://{address.Authority}{Path(address)}";

    public static string Path(Uri address) => address.PathAndQuery.Split('?')[0];

    /// <summary>A text as one segment of a path (RFC 3986, 2.3); null where it has half a surrogate pair.</summary>
    public static string? Segment(string text) => Escape(text, NotInSegment);

    private static bool IsHttp(string scheme) => scheme.ToLowerInvariant() is "http" or "https";

    private static (string Scheme, string Authority, string Path, string Query) Split(string text)
    {
        GroupCollection parts = Parts.Match(text).Groups;
        return (parts["scheme"].Value, parts["authority"].Value, parts["path"].Value, parts["query"].Value);
    }

    // RFC 3986, 5.2.4, for a path that begins with a slash.
    private static string WithoutDots(string path)
    {
        List<string> kept = [];
        string[] segments = path.Substring(1).Split('/');
        foreach (string segment in segments)
        {
            if (segment is not ("." or ".."))
            {
                kept.Add(segment);
            }
            else if (segment == ".." && kept.Count > 0)
            {
                kept.RemoveAt(kept.Count - 1);
            }
        }

        return "/" + string.Join("/", kept) + (segments[segments.Length - 1] is "." or ".." && kept.Count > 0 ? "/" : "");
    }

    private static string? Escape(string text, Regex refused)
    {
        try
        {
            return refused.Replace(text, static part => string.Concat(Utf8.GetBytes(part.Value).Select(static one => $"%{one:X2}")));
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }
}
