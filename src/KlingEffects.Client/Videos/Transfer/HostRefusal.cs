namespace KlingEffects.Videos.Transfer;

/// <summary>A host refuses a video. It is gone if the host's error (XML of S3, OSS, Azure and Google, JSON, or a page) says that there is
/// none, or that the URL has expired; otherwise it may be there.</summary>
internal sealed record HostRefusal(int Status, bool IsGone, string? Words)
    : DownloadEnd(Words is null ? $"HTTP {Status}" : $"HTTP {Status}, {Words}")
{
    private const int LongestPart = 200;
    private const RegexOptions AnyCase = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    // S3's, OSS's, COS's and Google's (NoSuch…), Azure's (Blob-, Container-, ResourceNotFound).
    private static readonly Regex GoneCodes = new(
        "^(NoSuch(Key|Bucket|Object|Version|Container|File|Entity)|(Blob|Container|Resource|Object|Key|File)Not(Found|Exists?)"
            + "|NotFound|BlobDeleted)$",
        AnyCase);

    // "Request has expired" (S3, OSS), ExpiredToken (S3, Google), "token is expired" (Qiniu), Azure's time frame.
    private static readonly Regex ExpiredWords = new("expired|not valid in the specified time frame|过期|已失效", AnyCase);

    private static readonly Regex TimeFrame = new(@"Start \[(?<start>[^\]]*)\].*Current \[(?<now>[^\]]*)\]", RegexOptions.Singleline);

    private static readonly Regex XmlParts = new(
        @"<(?<name>Code|Message|AuthenticationErrorDetail|Details|title|h1)\b[^>]*>(?<text>.*?)</\k<name>>",
        AnyCase | RegexOptions.Singleline);

    private static readonly Regex JsonParts = new(
        "\"(?<name>code|message|msg|error|reason|error_description|detail)\"\\s*:\\s*\"(?<text>(?:[^\"\\\\]|\\\\.)*)\"", AnyCase);

    public DateTimeOffset? Date { get; init; } // by the host's own clock

    public static HostRefusal Parse(int status, string body, string? headerCode)
    {
        IEnumerable<(string Name, string Text)> found = Parts(body.Trim().TrimStart('\uFEFF'));
        (string Name, string Text)[] parts = headerCode is null ? [.. found] : [("Code", headerCode), .. found];
        string all = string.Join(": ", parts.Select(static part => part.Text).Distinct(StringComparer.OrdinalIgnoreCase));
        bool isGone = status is 404 or 410
            || parts.Any(static part => part.Name.Equals("code", StringComparison.OrdinalIgnoreCase) && GoneCodes.IsMatch(part.Text))
            || (ExpiredWords.IsMatch(all) && !IsTooEarly(all));
        return new HostRefusal(status, isGone, ServerText.WithoutData(ServerText.Clean(all)));
    }

    private static IEnumerable<(string Name, string Text)> Parts(string body)
    {
        MatchCollection found = (body.Length > 0 && body[0] == '<' ? XmlParts : JsonParts).Matches(body);
        return found.Count == 0 && body.Length > 0 && body[0] is not ('<' or '{' or '[')
            ? [("text", Short(body))]
            : found.Cast<Match>()
                .Select(static part => (part.Groups["name"].Value, Text: Short(WebUtility.HtmlDecode(part.Groups["text"].Value).Trim())))
                .Where(static part => part.Text.Length > 0);
    }

    // Azure says the same of a URL that is not good yet.
    private static bool IsTooEarly(string text) =>
        TimeFrame.Match(text) is { Success: true } frame && Time(frame.Groups["start"].Value) > Time(frame.Groups["now"].Value);

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    private static string Short(string text) => text.Length <= LongestPart ? text : text.Substring(0, LongestPart);
}
