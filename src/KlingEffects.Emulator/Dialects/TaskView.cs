using System.Globalization;
using System.Text.Json.Nodes;
using KlingEffects.Emulator.Tasks;

namespace KlingEffects.Emulator.Dialects;

/// <summary>A task at the moment of an answer.</summary>
internal sealed record TaskView(EmulatedTask Task, TaskPhase Phase, DateTimeOffset Now, Func<EmulatedTask, int, string> UrlOf)
{
    public bool ShowsVideos => Phase.State == TaskState.Succeed && Now >= Phase.Since + Task.WithoutUrlFor;

    public string? FirstUrl => ShowsVideos ? UrlOf(Task, 0) : null;

    public string Progress => Phase.State switch
    {
        TaskState.Submitted => "0%",
        TaskState.Processing => "30%",
        _ => "100%",
    };

    /// <summary><c>task_result</c>: the videos, or an empty object.</summary>
    public JsonObject Result()
    {
        if (!ShowsVideos)
        {
            return [];
        }

        JsonArray videos = [];
        for (int index = 0; index < Task.VideoCount; index++)
        {
            videos.Add(new JsonObject
            {
                ["id"] = $"{Task.Id}-{index.ToString(CultureInfo.InvariantCulture)}",
                ["url"] = UrlOf(Task, index),
                ["duration"] = $"{Task.Duration ?? "5"}.1",
            });
        }

        return new JsonObject { ["videos"] = videos };
    }
}
