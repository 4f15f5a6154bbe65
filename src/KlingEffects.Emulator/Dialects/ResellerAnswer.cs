using System.Text.Json.Nodes;
using KlingEffects.Emulator.Tasks;

namespace KlingEffects.Emulator.Dialects;

/// <summary>A query in two forms that others than Kling and CometAPI have.</summary>
internal static class ResellerAnswer
{
    /// <summary>What new-api gives of <c>/v1/videos/{id}</c> (its adaptor.go, ConvertToOpenAIVideo, 2026).</summary>
    public static JsonObject OpenAi(TaskView view)
    {
        JsonObject answer = new()
        {
            ["id"] = view.Task.Id,
            ["task_id"] = view.Task.Id,
            ["object"] = "video",
            ["model"] = "kling-v1-6",
            ["status"] = view.Phase.State switch
            {
                TaskState.Submitted => "queued",
                TaskState.Processing => "in_progress",
                TaskState.Succeed => "completed",
                _ => "failed",
            },
            ["progress"] = view.Phase.IsEnd ? 100 : 30,
            ["created_at"] = view.Task.CreatedAt.ToUnixTimeSeconds(),
            ["seconds"] = view.Task.Duration ?? "5",
        };
        if (view.Phase.IsEnd)
        {
            answer["completed_at"] = view.Phase.Since.ToUnixTimeSeconds();
        }

        if (view.FirstUrl is { } url)
        {
            answer["metadata"] = new JsonObject { ["url"] = url };
        }

        if (view.Phase.State == TaskState.Failed)
        {
            answer["error"] = new JsonObject { ["message"] = view.Phase.Message, ["code"] = "generation_failed" };
        }

        return answer;
    }

    /// <summary>What apimodels.app and kie.ai document (2026-11).</summary>
    public static JsonObject Camel(TaskView view) => new()
    {
        ["code"] = 200,
        ["msg"] = "success",
        ["data"] = new JsonObject
        {
            ["taskId"] = view.Task.Id,
            ["state"] = view.Phase.State switch
            {
                TaskState.Submitted => "pending",
                TaskState.Processing => "processing",
                TaskState.Succeed => "completed",
                _ => "failed",
            },
            ["resultUrls"] = view.FirstUrl is { } url ? new JsonArray(url) : [],
            ["failMsg"] = view.Phase.Message,
            ["createTime"] = view.Task.CreatedAt.ToUnixTimeMilliseconds(),
        },
    };
}
