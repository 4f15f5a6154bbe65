using System.Globalization;
using System.Text.Json;

namespace KlingEffects.Api.Answers;

/// <summary>Reads a task from any of the three query shapes: flat, wrapper (the task nested up to twice), simple.</summary>
internal static class TaskReader
{
    private const int LongestId = 256;
    private const int LongestUrl = 16 * 1024;

    /// <param name="envelope">An answer that is no error.</param>
    /// <param name="mask">The key: a task that names it names something else.</param>
    public static KlingTask Read(Envelope envelope, KeyMask? mask)
    {
        IReadOnlyList<JsonElement> levels = envelope.Levels;
        string? word = StatusWord(levels);
        KlingTaskStatus status = word is null ? KlingTaskStatus.Submitted : StatusWords.Read(word);
        JsonElement[] all = [.. levels, envelope.Root];
        return new KlingTask
        {
            TaskId = IdOf(levels, mask) ?? First(levels, mask, static (level, mask) => Id(level.Text("id"), mask)) ?? "",
            ExternalTaskId = ServerText.Id(
                First(levels, static level => level.Object("task_info")?.Text("external_task_id") ?? level.Text("external_task_id")), mask),
            Status = status,
            StatusMessage = status == KlingTaskStatus.Succeed ? null : ServerText.Clean(First(all, status, Reason), mask),
            Progress = First(levels, static level => Percent(level.Text("progress"))),
            Videos = status == KlingTaskStatus.Succeed ? Videos(levels, all, mask) : [],
            CreatedAt = First(levels, static level => level.Time("created_at", "submit_time")),
            UpdatedAt = First(levels, static level => level.Time("updated_at", "finish_time")),
            Units = UnitReader.Read(all),
            RequestId = envelope.RequestId,
        };
    }

    /// <summary>The id of the task that the answer names as such, or null.</summary>
    public static string? IdOf(Envelope envelope, KeyMask? mask) => IdOf(envelope.Levels, mask);

    /// <summary>The status that the answer tells of a task, or null where it tells none.</summary>
    public static KlingTaskStatus? StatusOf(Envelope envelope) =>
        StatusWord(envelope.Levels) is { } word ? StatusWords.Read(word) : null;

    private static string? IdOf(IReadOnlyList<JsonElement> levels, KeyMask? mask) =>
        First(levels, mask, static (level, mask) => Id(level.Text("task_id"), mask));

    private static string? StatusWord(IReadOnlyList<JsonElement> levels) => First(levels, static level => level.FirstText("task_status", "status"));

    private static T? First<T>(IReadOnlyList<JsonElement> levels, Func<JsonElement, T?> read) =>
        First(levels, read, static (level, read) => read(level));

    // What a reading needs is handed to it, so that ten thousand answers make no closures.
    private static T? First<TNeeded, T>(IReadOnlyList<JsonElement> levels, TNeeded needed, Func<JsonElement, TNeeded, T?> read)
    {
        for (int level = 0; level < levels.Count; level++)
        {
            if (read(levels[level], needed) is { } value)
            {
                return value;
            }
        }

        return default;
    }

    private static string? Reason(JsonElement level, KlingTaskStatus status) =>
        level.Text("task_status_msg")
        ?? (status == KlingTaskStatus.Failed ? level.Text("fail_reason") ?? level.Object("error")?.Text("message") : null);

    private static List<KlingVideo> Videos(IReadOnlyList<JsonElement> levels, IReadOnlyList<JsonElement> all, KeyMask? mask)
    {
        List<KlingVideo> videos = [];
        foreach (JsonElement level in levels)
        {
            if (level.Object("task_result")?.Member("videos") is { ValueKind: JsonValueKind.Array } list)
            {
                videos.AddRange(list.EnumerateArray().Select(entry => Video(entry, mask)).OfType<KlingVideo>());
            }

            if (videos.Count > 0)
            {
                return videos;
            }
        }

        // Old gateway builds put the URL of a success into fail_reason.
        string? single = First(all, mask, static (level, mask) => WebUrl(level.FirstText("result_url", "video_url", "url"), mask))
            ?? First(all, mask, static (level, mask) => WebUrl(level.Text("fail_reason"), mask));
        return single is null ? [] : [new KlingVideo { Url = single }];
    }

    private static KlingVideo? Video(JsonElement entry, KeyMask? mask) => Url(entry.Text("url"), mask) is { } url
        ? new KlingVideo
        {
            Id = ServerText.Clean(entry.Text("id"), mask),
            Url = url,
            WatermarkUrl = Url(entry.Text("watermark_url"), mask),
            Duration = entry.Number("duration") is { } seconds && seconds >= 0 ? seconds : null,
        }
        : null;

    private static string? WebUrl(string? text, KeyMask? mask) =>
        text is not null
        && (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            ? Url(text, mask)
            : null;

    // A URL that holds the key would carry it to another host.
    private static string? Url(string? text, KeyMask? mask) =>
        text is not null && text.Length <= LongestUrl && ServerText.IsPrintable(text) && mask?.IsIn(text) != true ? text : null;

    // Dots alone would name another route.
    private static string? Id(string? text, KeyMask? mask) =>
        text is not (null or "." or "..") && text.Length <= LongestId && !text.Any(char.IsWhiteSpace) && ServerText.Clean(text) == text && mask?.IsIn(text) != true
            ? text
            : null;

    private static int? Percent(string? text) =>
        double.TryParse(text?.TrimEnd('%', ' '), NumberStyles.Float, CultureInfo.InvariantCulture, out double percent)
            && percent is >= 0 and <= 100
            ? (int)percent
            : null;
}
