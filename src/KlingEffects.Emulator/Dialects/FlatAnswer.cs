using System.Globalization;
using System.Text.Json.Nodes;
using KlingEffects.Emulator.Answers;
using KlingEffects.Emulator.Configuration;
using KlingEffects.Emulator.Tasks;

namespace KlingEffects.Emulator.Dialects;

/// <summary>The current dialect: <c>data</c> is the task, times in milliseconds.</summary>
internal static class FlatAnswer
{
    public static JsonObject Submitted(EmulatedTask task) => new()
    {
        ["code"] = 0,
        ["message"] = "success",
        ["data"] = new JsonObject
        {
            ["task_id"] = task.Id,
            ["task_status"] = Word(TaskState.Submitted),
            ["task_info"] = Info(task),
            ["created_at"] = task.CreatedAt.ToUnixTimeMilliseconds(),
            ["updated_at"] = task.CreatedAt.ToUnixTimeMilliseconds(),
        },
    };

    public static JsonObject Query(TaskView view) => new()
    {
        ["code"] = 0,
        ["message"] = "SUCCEED",
        ["request_id"] = ApiErrors.RequestId(),
        ["data"] = Task(view),
    };

    /// <summary>The task object, which callbacks send as it is.</summary>
    public static JsonObject Task(TaskView view)
    {
        JsonObject task = Listed(view);
        if (view.Gateway == Gateway.Kling)
        {
            task["watermark_info"] = new JsonObject { ["enabled"] = false };
        }

        return task;
    }

    /// <summary>The task object as the list has it: Kling's tells what it cost.</summary>
    public static JsonObject Listed(TaskView view)
    {
        JsonObject task = Common(view);
        if (view.Gateway == Gateway.Kling && view.ShowsCost)
        {
            AddCost(task, view);
        }

        return task;
    }

    private static void AddCost(JsonObject task, TaskView view)
    {
        Payment payment = view.Options.Payment;
        if (payment is Payment.Both or Payment.Units)
        {
            task["final_unit_deduction"] = view.Units;
        }

        if (payment is Payment.Both or Payment.Cash)
        {
            task["final_balance_deduction"] = new JsonObject { ["quota"] = view.Price, ["list_price"] = view.ListPrice };
        }

        if (payment == Payment.CashNumber)
        {
            task["final_balance_deduction"] = decimal.Parse(view.Price, CultureInfo.InvariantCulture);
        }
    }

    private static JsonObject Common(TaskView view) => new()
    {
        ["task_id"] = view.Task.Id,
        ["task_status"] = Word(view.Phase.State),
        ["task_status_msg"] = view.Phase.Message,
        ["task_info"] = Info(view.Task),
        ["task_result"] = view.Result(),
        ["created_at"] = view.Task.CreatedAt.ToUnixTimeMilliseconds(),
        ["updated_at"] = view.Phase.Since.ToUnixTimeMilliseconds(),
    };

    private static JsonObject Info(EmulatedTask task) =>
        task.ExternalId is { } externalId ? new JsonObject { ["external_task_id"] = externalId } : [];

    private static string Word(TaskState state) => state switch
    {
        TaskState.Submitted => "submitted",
        TaskState.Processing => "processing",
        TaskState.Succeed => "succeed",
        _ => "failed",
    };
}
