namespace KlingEffects.Http;

/// <summary>
/// Addresses that are asked for byte for byte as they were told: a signature is over the text of a URL, and an id's slash is no
/// step of a path. Only what cannot stand in a request line is escaped (RFC 9112, 3.2), and the fragment is left out.
/// </summary>
internal static class RequestAddress
{
    /// <summary>The address; null if it is no http(s) one, or can't be asked for as it is.</summary>
    public static Uri? TryCreate(string text)
    {
        (string scheme, string authority, string tail) = Split(text.Trim());
        if (!IsHttp(scheme) || authority.Length == 0 || Escape(tail) is not { } target)
        {
            return null;
        }

        target = target.Length > 0 && target[0] is '/' ? target : "/" + target;
        return ExactUris.TryCreate($"{scheme}://{authority}", target) is { } uri && IsHttp(uri.Scheme) ? uri : null;
    }

    /// <summary>Where a Location header leads, as text (RFC 3986, 5.2.2), so that nothing of it is written otherwise; null for no http(s) address.</summary>
    public static Uri? Follow(Uri address, string reference)
    {
        reference = reference.Trim();
        if (HasScheme(reference))
        {
            return TryCreate(reference);
        }

        if (reference.StartsWith("//", StringComparison.Ordinal))
        {
            return TryCreate($"{address.Scheme}:{reference}");
        }

        string target = reference.Split('#')[0];
        (string path, string query) = Halves(target);
        (string basePath, string baseQuery) = Halves(address.PathAndQuery);
        string folder = basePath.Substring(0, basePath.LastIndexOf('/') + 1);
        string merged = path.Length == 0 ? basePath : WithoutDots(path[0] == '/' ? path : $"{folder}{path}");
        bool keepsQuery = path.Length == 0 && query.Length == 0;
        return TryCreate($"{address.Scheme}://{address.Authority}{merged}{(keepsQuery ? baseQuery : query)}");
    }

    /// <summary>Where a redirect leads, its bytes read as UTF-8 where they are; others are escaped one by one. Null where there is none.</summary>
    public static string? Location(HttpResponseMessage response)
    {
        string? raw = HttpHandlers.RawLocation(response);
        if (raw is null || raw.Any(static c => c > '\xFF'))
        {
            return raw;
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString([.. raw.Select(static c => (byte)c)]);
        }
        catch (ArgumentException)
        {
            return string.Concat(raw.Select(static c => c < '\x80' ? c.ToString() : $"%{(int)c:X2}"));
        }
    }

    /// <summary>The address without what may be a signature, and without credentials.</summary>
    public static string Place(Uri address) => $"{address.Scheme}://{address.Authority}{Path(address)}";

    /// <summary>The path, without what may be a signature.</summary>
    public static string Path(Uri address) => Halves(address.PathAndQuery).Path;

    /// <summary>One segment of a path, in which the text means nothing but itself (RFC 3986, 2.3); null where it has half a surrogate pair.</summary>
    public static string? Segment(string text) => Escape(
        text, static c => c is (>= '0' and <= '9') or (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or '-' or '.' or '_' or '~');

    private static bool IsHttp(string scheme) =>
        scheme.Equals(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase) || scheme.Equals(Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase);

    private static (string Scheme, string Authority, string Tail) Split(string text)
    {
        int colon = text.IndexOf("://", StringComparison.Ordinal);
        if (colon <= 0)
        {
            return ("", "", "");
        }

        int start = colon + "://".Length;
        int end = text.IndexOfAny(['/', '?', '#', '\\'], start);
        return end < 0
            ? (text.Substring(0, colon), text.Substring(start), "")
            : (text.Substring(0, colon), text.Substring(start, end - start), text.Substring(end).Split('#')[0]);
    }

    private static (string Path, string Query) Halves(string target)
    {
        int mark = target.IndexOf('?');
        return mark < 0 ? (target, "") : (target.Substring(0, mark), target.Substring(mark));
    }

    private static bool HasScheme(string reference)
    {
        int colon = reference.IndexOf(':');
        return colon > 0 && reference.IndexOfAny(['/', '?', '#']) is var end && (end < 0 || colon < end);
    }

    // RFC 3986, 5.2.4, for a path that begins with a slash.
    private static string WithoutDots(string path)
    {
        List<string> kept = [];
        string[] segments = path.Substring(1).Split('/');
        for (int at = 0; at < segments.Length; at++)
        {
            string segment = segments[at];
            if (segment is "." or "..")
            {
                if (segment == ".." && kept.Count > 0)
                {
                    kept.RemoveAt(kept.Count - 1);
                }

                if (at == segments.Length - 1)
                {
                    kept.Add("");
                }
            }
            else
            {
                kept.Add(segment);
            }
        }

        return "/" + string.Join("/", kept);
    }

    private static string? Escape(string text) => Escape(text, static c => c is > ' ' and < '\x7F');

    private static string? Escape(string text, Func<char, bool> isKept)
    {
        if (text.All(isKept))
        {
            return text;
        }

        StringBuilder escaped = new(text.Length + 16);
        for (int at = 0; at < text.Length; at++)
        {
            int units = char.IsSurrogate(text[at]) ? 2 : 1;
            if (units == 2 && !(at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1])))
            {
                return null;
            }

            if (isKept(text[at]))
            {
                escaped.Append(text[at]);
                continue;
            }

            foreach (byte one in Encoding.UTF8.GetBytes(text.Substring(at, units)))
            {
                escaped.Append('%').Append(one.ToString("X2", CultureInfo.InvariantCulture));
            }

            at += units - 1;
        }

        return escaped.ToString();
    }
}
