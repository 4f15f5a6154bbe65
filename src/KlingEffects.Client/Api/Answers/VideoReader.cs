namespace KlingEffects.Api.Answers;

/// <summary>Finds the videos of a task that succeeded, in whichever member a dialect has them.</summary>
internal static class VideoReader
{
    private const int LongestUrl = 16 * 1024;

    // Far more than any task has; an answer of sixteen megabytes may list a million.
    private const int MostVideos = 1000;

    // Lists of videos: Kling's two standards (its effects and callbacks pages, 2026-11), then resellers' (kie.ai and apimodels.app docs,
    // 2026-11).
    private static readonly string[] Lists = ["videos", "outputs", "result_urls", "video_urls", "results", "urls", "works", "output", "data"];

    // One URL: result_url of the gateway family, metadata.url of its OpenAI form (new-api adaptor.go, ConvertToOpenAIVideo, 2026), and
    // resellers'.
    private static readonly string[] Singles =
        ["result_url", "video_url", "url", "video", "output", "download_url", "file_url", "content_url", "resource"];

    private static readonly string[] Urls = ["url", "video_url", "resource", "download_url", "file_url"];

    private static readonly string[] Inside = ["task_result", "result", "response", "output", "metadata", "content", "result_json", "results", "works"];

    public static List<KlingVideo> Read(IReadOnlyList<JsonElement> levels, JsonElement root)
    {
        foreach (JsonElement level in levels)
        {
            if (level.Object("task_result")?.Member("videos") is { } own && Entries(own) is { Count: > 0 } videos)
            {
                return videos;
            }
        }

        JsonElement[] places = [.. levels.SelectMany(Places), root, .. root.Object("metadata") is { } beside ? (JsonElement[])[beside] : []];
        return Listed(places) ?? Single(places)
            // Old gateway builds put the URL of a success into fail_reason.
            ?? places.Select(place => Web(place.Text("fail_reason"))).FirstOrDefault(static url => url is not null) switch
            {
                { } url => [new KlingVideo { Url = url }],
                null => [],
            };
    }

    private static IEnumerable<JsonElement> Places(JsonElement level) => [level, .. Inside.Select(name => level.Object(name)).OfType<JsonElement>()];

    private static IEnumerable<JsonElement> Members(JsonElement[] places, string[] names) =>
        places.SelectMany(place => names.Select(name => place.Member(name))).OfType<JsonElement>();

    private static List<KlingVideo>? Listed(JsonElement[] places) => Members(places, Lists)
        .Where(static member => member.ValueKind is JsonValueKind.Array or JsonValueKind.String)
        .Select(static member => List(member) is { } list ? Entries(list) : [])
        .FirstOrDefault(static videos => videos.Count > 0);

    private static List<KlingVideo>? Single(JsonElement[] places)
    {
        if (Members(places, Singles).Select(static member => Video(member, isListed: false)).FirstOrDefault(static found => found is not null) is not { } video)
        {
            return null;
        }

        // The OpenAI form has the length beside the URL.
        double? seconds = video.Duration ?? places.Select(Seconds).FirstOrDefault(static found => found is not null);
        return [new KlingVideo { Id = video.Id, Url = video.Url, WatermarkUrl = video.WatermarkUrl, Duration = seconds }];
    }

    private static JsonElement? List(JsonElement member) => member.ValueKind == JsonValueKind.Array
        ? member
        : JsonText.Whole(JsonFields.AsText(member)) is { ValueKind: JsonValueKind.Array } list ? list : null;

    private static List<KlingVideo> Entries(JsonElement list) => list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Take(MostVideos).Select(entry => Video(entry, isListed: true)).OfType<KlingVideo>()]
        : Video(list, isListed: true) is { } only ? [only] : [];

    private static KlingVideo? Video(JsonElement entry, bool isListed)
    {
        if (entry.ValueKind == JsonValueKind.String)
        {
            return Web(JsonFields.AsText(entry)) is { } plain ? new KlingVideo { Url = plain } : null;
        }

        if (entry.ValueKind != JsonValueKind.Object || (entry.Text("type") is { } type && !IsVideo(type)))
        {
            return null;
        }

        // Kling's own list is believed; elsewhere a URL must look like one.
        string? url = isListed && entry.Text("url") is { } told ? Url(told) : null;
        url ??= Urls.Select(name => Web(entry.Text(name))).FirstOrDefault(static found => found is not null);
        if (url is null)
        {
            return entry.Object("video") is { } inner ? Video(inner, isListed) : null;
        }

        return new KlingVideo
        {
            Id = ServerText.Clean(entry.Text("id", "video_id")),
            Url = url,
            WatermarkUrl = Url(entry.Text("watermark_url")),
            Duration = Seconds(entry),
        };
    }

    // Covers, sound and pictures stand in the same list.
    private static bool IsVideo(string type) =>
        type.Contains("video", StringComparison.OrdinalIgnoreCase) || type.Contains("mp4", StringComparison.OrdinalIgnoreCase);

    private static double? Seconds(JsonElement entry) =>
        (entry.Number("duration") ?? entry.Number("seconds")) is { } seconds && seconds >= 0 ? seconds : null;

    private static string? Web(string? text) =>
        Url(text) is { } url
        && (url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            ? url
            : null;

    // Blanks around it and line breaks anywhere are no part of a URL (WHATWG URL, 4.4).
    private static string? Url(string? text)
    {
        string? url = text is null ? null : string.Concat(text.Trim().Split('\t', '\n', '\r'));
        return url is { Length: <= LongestUrl } && ServerText.IsPrintable(url) && !KeyMask.IsIn(url) ? url : null;
    }
}
