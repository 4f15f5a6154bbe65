namespace KlingEffects.Api.Answers;

/// <summary>Finds the videos of a succeeded task in the members of all dialects.</summary>
internal static class VideoReader
{
    private const int LongestUrl = 16 * 1024;
    private const int MostVideos = 1000;

    // Lists of videos: Kling's (its effects and callbacks pages, 2026-11), and resellers' (kie.ai and apimodels.app docs, 2026-11).
    private static readonly string[] Lists =
        ["videos", "outputs", "result_urls", "video_urls", "results", "urls", "works", "output", "data"];

    // One URL: the gateways' result_url and metadata.url (new-api adaptor.go, ConvertToOpenAIVideo, 2026), and resellers'.
    private static readonly string[] Singles =
        ["result_url", "video_url", "url", "video", "output", "download_url", "file_url", "content_url", "resource"];

    private static readonly string[] Urls = ["url", "video_url", "resource", "download_url", "file_url"];

    private static readonly string[] Inside =
        ["task_result", "result", "response", "output", "metadata", "content", "result_json", "results", "works"];

    public static List<KlingVideo> Read(JsonElement[] levels, JsonElement root)
    {
        JsonElement[] beside = root.Object("metadata") is { } metadata ? [metadata] : [];
        JsonElement[] places = [.. levels.SelectMany(Places), root, .. beside];
        return levels.FirstOf(static level => Videos(level.Object("task_result")?.Member("videos")))
            ?? Members(places, Lists).FirstOf(static member => Videos(List(member)))
            ?? Single(places)
            // Old gateway builds put the URL of a success into fail_reason.
            ?? (places.FirstOf(static place => Web(place.Text("fail_reason"))) is { } url ? [new KlingVideo { Url = url }] : []);
    }

    private static IEnumerable<JsonElement> Places(JsonElement level) =>
        [level, .. Inside.Select(name => level.Object(name)).OfType<JsonElement>()];

    private static JsonElement[] Members(JsonElement[] places, string[] names) =>
        [.. places.SelectMany(place => names.Select(name => place.Member(name))).OfType<JsonElement>()];

    // OpenAI's form has the length beside the URL.
    private static List<KlingVideo>? Single(JsonElement[] places)
    {
        double? beside = places.FirstOf(Seconds);
        return Members(places, Singles).FirstOf(member => Video(member, isListed: false, beside)) is { } video ? [video] : null;
    }

    private static JsonElement? List(JsonElement member) => member.ValueKind == JsonValueKind.Array ? member
        : member.ValueKind == JsonValueKind.String && JsonText.Whole(JsonFields.AsText(member)) is { ValueKind: JsonValueKind.Array } list
            ? list : null;

    private static List<KlingVideo>? Videos(JsonElement? list)
    {
        IEnumerable<JsonElement> entries = list is { ValueKind: JsonValueKind.Array } several ? several.EnumerateArray().Take(MostVideos)
            : list is { } one ? [one] : [];
        List<KlingVideo> videos = [.. entries.Select(static entry => Video(entry, isListed: true)).OfType<KlingVideo>()];
        return videos.Count > 0 ? videos : null;
    }

    private static KlingVideo? Video(JsonElement entry, bool isListed, double? seconds = null)
    {
        if (entry.ValueKind == JsonValueKind.String)
        {
            return Web(JsonFields.AsText(entry)) is { } plain ? new KlingVideo { Url = plain, Duration = seconds } : null;
        }

        if (entry.ValueKind != JsonValueKind.Object || (entry.Text("type") is { } type && !IsVideo(type)))
        {
            return null;
        }

        // In Kling's own list every URL is accepted; elsewhere only an http(s) one.
        string? url = isListed && entry.Text("url") is { } told ? Url(told) : null;
        url ??= Urls.FirstOf(name => Web(entry.Text(name)));
        return url is null ? (entry.Object("video") is { } inner ? Video(inner, isListed, seconds) : null) : new KlingVideo
        {
            Id = ServerText.Clean(entry.Text("id", "video_id")),
            Url = url,
            WatermarkUrl = Url(entry.Text("watermark_url")),
            Duration = Seconds(entry) ?? seconds,
        };
    }

    // The list may also have covers, sound and pictures.
    private static bool IsVideo(string type) =>
        type.Contains("video", StringComparison.OrdinalIgnoreCase) || type.Contains("mp4", StringComparison.OrdinalIgnoreCase);

    private static double? Seconds(JsonElement entry)
    {
        double? seconds = JsonFields.ToNumber(entry.Text("duration")) ?? JsonFields.ToNumber(entry.Text("seconds"));
        return seconds >= 0 ? seconds : null;
    }

    private static string? Web(string? text) => Url(text) is { } url
        && ((string[])["https://", "http://"]).Any(scheme => url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) ? url : null;

    // A URL has no blanks around it and no line breaks (WHATWG URL, 4.4).
    private static string? Url(string? text)
    {
        string? url = text is null ? null : string.Concat(text.Trim().Split('\t', '\n', '\r'));
        return url is { Length: <= LongestUrl } && ServerText.IsPrintable(url) && !KeyMask.IsIn(url) ? url : null;
    }
}
