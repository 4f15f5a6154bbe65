using System.Net;
using System.Text.RegularExpressions;

namespace KlingEffects.Videos.Transfer;

/// <summary>What a host's refusal says of the video.</summary>
internal enum HostVerdict
{
    /// <summary>It refuses; the video may well be there.</summary>
    Refused,

    /// <summary>The URL's time is over.</summary>
    Expired,

    /// <summary>It does not have the video.</summary>
    Gone,
}

/// <summary>Why a host does not give a video, in its own words: XML of S3, OSS, Azure and Google, JSON, or a page.</summary>
internal sealed record HostReason(HostVerdict Verdict, string? Text)
{
    private const int LongestPart = 200;

    // S3's, OSS's, COS's and Google's (NoSuch…), Azure's (Blob-, Container-, ResourceNotFound).
    private static readonly Regex GoneCodes = new(
        "^(NoSuch(Key|Bucket|Object|Version|Container|File|Entity)|(Blob|Container|Resource|Object|Key|File)Not(Found|Exists?)"
            + "|NotFound|BlobDeleted)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    // "Request has expired" (S3, OSS), ExpiredToken (S3, Google), "token is expired" (Qiniu), Azure's time frame.
    private static readonly Regex ExpiredWords = new(
        @"expired|not valid in the specified time frame|过期|已失效", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly Regex TimeFrame = new(
        @"Start \[(?<start>[^\]]*)\].*Current \[(?<now>[^\]]*)\]", RegexOptions.CultureInvariant | RegexOptions.Singleline);

    private static readonly Regex XmlParts = new(
        @"<(?<name>Code|Message|AuthenticationErrorDetail|Details|title|h1)\b[^>]*>(?<text>.*?)</\k<name>>",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline);

    private static readonly Regex JsonParts = new(
        "\"(?<name>code|message|msg|error|reason|error_description|detail)\"\\s*:\\s*\"(?<text>(?:[^\"\\\\]|\\\\.)*)\"",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    public static HostReason Parse(int status, string body, string? headerCode)
    {
        List<(string Name, string Text)> parts = [.. Parts(body.Trim().TrimStart('\uFEFF'))];
        if (headerCode is not null && !parts.Any(part => part.Text.Equals(headerCode, StringComparison.OrdinalIgnoreCase)))
        {
            parts.Insert(0, ("Code", headerCode));
        }

        string all = string.Join(": ", parts.Select(static part => part.Text).Distinct(StringComparer.OrdinalIgnoreCase));
        bool isGone = parts.Any(static part => part.Name.Equals("code", StringComparison.OrdinalIgnoreCase)
            && GoneCodes.IsMatch(part.Text));
        bool isExpired = ExpiredWords.IsMatch(all) && !IsTooEarly(all);
        HostVerdict verdict = isExpired ? HostVerdict.Expired : isGone || status is 404 or 410 ? HostVerdict.Gone : HostVerdict.Refused;
        return new HostReason(verdict, ServerText.WithoutData(ServerText.Clean(all)));
    }

    private static IEnumerable<(string Name, string Text)> Parts(string body)
    {
        MatchCollection found = (body.Length > 0 && body[0] == '<' ? XmlParts : JsonParts).Matches(body);
        foreach (Match part in found)
        {
            string text = WebUtility.HtmlDecode(part.Groups["text"].Value).Trim();
            if (text.Length > 0)
            {
                yield return (part.Groups["name"].Value, Short(text));
            }
        }

        if (found.Count == 0 && body.Length > 0 && body[0] is not ('<' or '{' or '['))
        {
            yield return ("text", Short(body));
        }
    }

    // Azure says the same of a URL that is not good yet.
    private static bool IsTooEarly(string text) =>
        TimeFrame.Match(text) is { Success: true } frame && Time(frame.Groups["start"].Value) > Time(frame.Groups["now"].Value);

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    private static string Short(string text) => text.Length <= LongestPart ? text : text.Substring(0, LongestPart);
}
