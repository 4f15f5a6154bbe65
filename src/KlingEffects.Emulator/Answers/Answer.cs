using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using KlingEffects.Emulator.Content;

namespace KlingEffects.Emulator.Answers;

/// <summary>An answer to be sent: a status, headers, and a stretch of a content.</summary>
internal sealed record Answer(int Status, string ContentType, IContent Content)
{
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public long Offset { get; init; }

    public long Count { get; init; } = Content.Length;

    /// <summary>Whether the bytes count as a video's.</summary>
    public bool IsVideo { get; init; }

    /// <summary>How Kling itself says it, where that differs from CometAPI's way; null where it does not.</summary>
    public Answer? AtKling { get; init; }

    public static Answer Json(int status, JsonNode body) => new(status, "application/json; charset=utf-8", new BytesContent(JsonSerializer.SerializeToUtf8Bytes(body)));

    public static Answer Text(int status, string contentType, string body) => new(status, contentType, new BytesContent(Encoding.UTF8.GetBytes(body)));

    public static Answer Html(int status, string title, string text) =>
        Text(status, "text/html; charset=UTF-8", $"<!DOCTYPE html>\n<html>\n<head><title>{title}</title></head>\n<body><h1>{text}</h1></body>\n</html>\n");

    public Answer WithBody(string contentType, byte[] body) => this with { ContentType = contentType, Content = new BytesContent(body), Offset = 0, Count = body.Length };

    public Answer With(string header, string value) => this with { Headers = [.. Headers, new(header, value)] };
}
