using System.Text.Json.Nodes;
using KlingEffects.Emulator.Configuration;
using KlingEffects.Emulator.Tasks;

namespace KlingEffects.Emulator.Dialects;

/// <summary>A query answered in any of the dialects.</summary>
internal static class QueryAnswer
{
    public static JsonObject In(AnswerShape shape, TaskView view) => shape switch
    {
        AnswerShape.Flat => FlatAnswer.Query(view),
        AnswerShape.NewStandard => NewStandardAnswer.Query(view),
        AnswerShape.Simple => Simple(view),
        AnswerShape.OpenAi => ResellerAnswer.OpenAi(view),
        AnswerShape.Camel => ResellerAnswer.Camel(view),
        AnswerShape.WrapperResultUrl => Wrapper(view, "result_url", view.FirstUrl),
        AnswerShape.WrapperNested => Wrapper(view, "data", new JsonObject { ["code"] = 0, ["message"] = "SUCCEED", ["data"] = FlatAnswer.Task(view) }),
        _ => Wrapper(view, "data", FlatAnswer.Task(view)),
    };

    private static JsonObject Wrapper(TaskView view, string member, JsonNode? value)
    {
        JsonObject data = new()
        {
            ["task_id"] = view.Task.Id,
            ["action"] = view.Task.Kind.ToUpperInvariant(),
            ["status"] = view.Phase.State switch
            {
                TaskState.Submitted => "SUBMITTED",
                TaskState.Processing => "IN_PROGRESS",
                TaskState.Succeed => "SUCCESS",
                _ => "FAILURE",
            },
            ["fail_reason"] = view.Phase.Message,
            ["submit_time"] = view.Task.CreatedAt.ToUnixTimeSeconds(),
            ["start_time"] = view.Phase.State == TaskState.Submitted ? 0 : view.Task.CreatedAt.ToUnixTimeSeconds(),
            ["finish_time"] = view.Phase.IsEnd ? view.Phase.Since.ToUnixTimeSeconds() : 0,
            ["progress"] = view.Progress,
        };
        if (value is not null)
        {
            data[member] = value;
        }

        return new JsonObject { ["code"] = "success", ["message"] = "", ["data"] = data };
    }

    private static JsonObject Simple(TaskView view)
    {
        JsonObject data = new()
        {
            ["task_id"] = view.Task.Id,
            ["status"] = view.Phase.State switch
            {
                TaskState.Submitted => "queued",
                TaskState.Processing => "in_progress",
                TaskState.Succeed => "completed",
                _ => "failed",
            },
        };
        if (view.FirstUrl is { } url)
        {
            data["url"] = url;
        }

        if (view.Phase.State == TaskState.Failed)
        {
            data["error"] = new JsonObject { ["message"] = view.Phase.Message };
        }

        return new JsonObject { ["code"] = 0, ["message"] = "success", ["data"] = data };
    }
}
