using System.Globalization;
using KlingEffects.Emulator.Answers;
using KlingEffects.Emulator.Content;
using KlingEffects.Emulator.Faults;
using KlingEffects.Emulator.Tasks;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace KlingEffects.Emulator.Video;

/// <summary>A video, or the range of it that was asked for.</summary>
internal static class VideoAnswer
{
    private const string ContentType = "video/mp4";

    public static Answer Make(HttpRequest http, EmulatedTask task, int index, FaultEffect? effect)
    {
        VideoContent content = new(task.Id, index, task.VideoSize);
        EntityTagHeaderValue tag = new(effect is ChangedETag ? content.ETag.Replace("-", "-changed-", StringComparison.Ordinal) : content.ETag);
        DateTimeOffset modified = WholeSeconds(task.UpdatedAt);
        Answer whole = new Answer(200, ContentType, content) { IsVideo = true }
            .With("ETag", tag.ToString())
            .With("Last-Modified", modified.ToString("R", CultureInfo.InvariantCulture))
            .With("Accept-Ranges", "bytes");

        RequestHeaders headers = http.GetTypedHeaders();
        bool isWhole = effect is RangeIgnored || headers.Range is not { Unit.Value: "bytes", Ranges.Count: 1 }
            || (headers.IfRange is { } condition && !Holds(condition, tag, modified));
        return isWhole ? whole : Range(whole, headers.Range!.Ranges.First(), effect);
    }

    private static Answer Range(Answer whole, RangeItemHeaderValue range, FaultEffect? effect)
    {
        long length = whole.Content.Length;
        long from = range.From ?? Math.Max(0, length - range.To!.Value);
        long to = range.From is null ? length - 1 : Math.Min(range.To ?? long.MaxValue, length - 1);
        if (from > to)
        {
            Answer none = whole with { Status = 416, Count = 0, IsVideo = false };
            return none.With("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes */{length}"));
        }

        if (effect is WrongContentRange)
        {
            (from, to) = (0, to - from);
        }

        Answer part = whole with { Status = 206, Offset = from, Count = to - from + 1 };
        return part.With("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to}/{length}"));
    }

    private static bool Holds(RangeConditionHeaderValue condition, EntityTagHeaderValue tag, DateTimeOffset modified) =>
        condition.EntityTag is { } asked ? asked.Compare(tag, useStrongComparison: true) : condition.LastModified == modified;

    private static DateTimeOffset WholeSeconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
