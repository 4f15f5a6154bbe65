using KlingEffects.Http;

namespace KlingEffects.Images;

/// <summary>The parts of a URL's query that only authorise, so that they differ tomorrow for the same image.</summary>
internal static class UrlSignature
{
    // Parts of signatures wherever they are.
    private static readonly string[] Prefixes = ["X-Amz-", "X-Goog-", "q-sign-", "q-key-time"];

    // Whatever else lets somebody in until a time: a long random value and that time beside it.
    private static readonly Regex Time = new(
        @"^(e|exp|expire[sd]?|expir(y|ation|es_?(at|in))|st|t|ts|time|timestamp|until|valid_?(until|to)|deadline)="
            + @"(\d{10}|\d{13}|[0-9a-f]{8}|\d{4}-?\d\d-?\d\d(T|%20|\+)[^&]+)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly Regex Secret = new(
        @"^(sig|sign|signature|hmac|verify|verification)=([\w~.+/=-]|%[0-9a-f]{2}){16,}$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly Regex Token = new(@"^(?<name>[^=]+=)eyJ[\w-]+\.(?<claims>eyJ[\w-]+)\.[\w-]*$", RegexOptions.ECMAScript);
    private static readonly Regex TimeClaim = new(
        @"""(exp|iat|nbf|jti)""\s*:\s*(""[^""]*""|[\d.]+)\s*,?\s*", RegexOptions.CultureInvariant);

    // Each kind: its marks, and after a colon what belongs to it. Not versionId, snapshot and others that select the image.
    private static readonly (string[] Marks, string[] Parts)[] Kinds = [.. new[]
    {
        // AWS Signature Version 2, CloudFront, Google's V2, OSS, OBS and BOS, which are made alike.
        "Signature: Expires Policy Key-Pair-Id Hash-Algorithm AWSAccessKeyId GoogleAccessId OSSAccessKeyId AccessKeyId "
            + "security-token x-obs-security-token x-amz-security-token",

        // Azure: account, service and user delegation SAS.
        "sig: sv ss srt sp st se sr sip spr si sdd ses skoid sktid skt ske sks skv saoid suoid scid skdutid sduoid",

        // Alibaba OSS, version 4; Volcengine TOS; Tencent COS.
        "x-oss-signature: x-oss-signature-version x-oss-credential x-oss-date x-oss-expires x-oss-additional-headers x-oss-security-token",
        "X-Tos-Signature: X-Tos-Algorithm X-Tos-Credential X-Tos-Date X-Tos-Expires X-Tos-SignedHeaders X-Tos-SignedQueries "
            + "X-Tos-Policy X-Tos-Security-Token",
        "q-signature: q-ak q-header-list q-url-param-list x-cos-security-token",

        // CDNs: Akamai, Alibaba, Qiniu, Bunny, Tencent, nginx's secure link, Discord, Meta, Baidu.
        "hdnts", "hdnea", "hdntl", "__token__", "auth_key", "e token", "expires token: token_path", "sign t: us", "wsSecret wsTime",
        "txSecret txTime", "md5 expires", "ex is hm", "oh oe", "authorization", "exp token", "expiry token", "expires_at token",
    }.Select(static kind => (kind.Split(':')[0].Split(' '), kind.Replace(":", "").Split(' ')))];

    /// <summary>The URL as a cache would compare it, without its fragment and signature.</summary>
    public static string Without(string url) => WithoutParts(
        RequestAddress.TryCreate(url) is { } address ? $"{address.Scheme}://{address.Authority}{address.PathAndQuery}" : url);

    private static string WithoutParts(string url)
    {
        int mark = url.IndexOf('?');
        if (mark < 0)
        {
            return url;
        }

        string[] parameters = url.Substring(mark + 1).Split('&');
        HashSet<string> names = new(parameters.Select(NameOf), StringComparer.OrdinalIgnoreCase);
        HashSet<string> signature = new(
            Kinds.Where(kind => kind.Marks.All(names.Contains)).SelectMany(static kind => kind.Parts), StringComparer.OrdinalIgnoreCase);
        bool isTimed = parameters.Any(Time.IsMatch) && parameters.Any(Secret.IsMatch);
        string[] kept =
        [
            .. from parameter in parameters
               where !signature.Contains(NameOf(parameter)) && !HasPrefix(parameter)
                   && !(isTimed && (Time.IsMatch(parameter) || Secret.IsMatch(parameter)))
               select WithoutTimes(parameter),
        ];
        return url.Remove(mark) + (kept.Length > 0 ? "?" + string.Join("&", kept) : "");
    }

    // A JSON web token tells what it is good for, and until when (RFC 7519, 4.1; Supabase).
    private static string WithoutTimes(string parameter)
    {
        Match token = Token.Match(parameter);
        string claims = token.Groups["claims"].Value.Replace('-', '+').Replace('_', '/');
        return claims.Length == 0 || claims.Length % 4 == 1 ? parameter : token.Groups["name"].Value + TimeClaim.Replace(
            Encoding.UTF8.GetString(Convert.FromBase64String(claims.PadRight((claims.Length + 3) / 4 * 4, '='))), "");
    }

    private static bool HasPrefix(string parameter) =>
        Prefixes.Any(prefix => parameter.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static string NameOf(string parameter) => Uri.UnescapeDataString(parameter.Split('=')[0]);
}
