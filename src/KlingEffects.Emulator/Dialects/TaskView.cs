using System.Globalization;
using System.Text.Json.Nodes;
using KlingEffects.Emulator.Configuration;
using KlingEffects.Emulator.Tasks;

namespace KlingEffects.Emulator.Dialects;

/// <summary>A task at the moment of an answer.</summary>
internal sealed record TaskView(EmulatedTask Task, TaskPhase Phase, DateTimeOffset Now, Func<EmulatedTask, int, string> UrlOf, EmulatorOptions Options)
{
    /// <summary>What the task cost in units, as the API writes it.</summary>
    public string Units => Cost(1m);

    /// <summary>The price that a cash account is charged, and the list's.</summary>
    public string Price => Cost(0.14m);

    public string ListPrice => Cost(0.2m);

    public Gateway Gateway => Options.Gateway;

    /// <summary>Whether the task tells what it cost.</summary>
    public bool ShowsCost => Phase.State == TaskState.Succeed || (Phase.State == TaskState.Failed && Options.TellsCostOfFailed);

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
            JsonObject video = new()
            {
                ["id"] = $"{Task.Id}-{index.ToString(CultureInfo.InvariantCulture)}",
                ["url"] = UrlOf(Task, index),
            };
            // Kling's own page of effects has no length there.
            (string name, string value) = Gateway == Gateway.Kling ? ("watermark_url", "") : ("duration", $"{Task.Duration ?? "5"}.1");
            video[name] = value;
            videos.Add(video);
        }

        return new JsonObject { ["videos"] = videos };
    }

    private string Cost(decimal ofUnit) => ((Phase.State == TaskState.Failed ? 0 : Task.Units) * ofUnit).ToString("0.####", CultureInfo.InvariantCulture);
}
