using System.Globalization;
using System.Text.Json.Nodes;
using KlingEffects.Emulator.Answers;
using KlingEffects.Emulator.Configuration;
using KlingEffects.Emulator.Tasks;

namespace KlingEffects.Emulator.Dialects;

/// <summary>Kling's newer standard: <c>data</c> has the task's <c>id</c>, its <c>outputs</c> and its <c>billing</c>. Source: its page of callbacks, 2026-11.</summary>
internal static class NewStandardAnswer
{
    public static JsonObject Submitted(EmulatedTask task) => Envelope(Task(task, TaskState.Submitted, "", task.CreatedAt));

    public static JsonObject Query(TaskView view)
    {
        JsonObject task = Task(view.Task, view.Phase.State, view.Phase.Message, view.Phase.Since);
        JsonArray outputs = [];
        for (int index = 0; view.ShowsVideos && index < view.Task.VideoCount; index++)
        {
            outputs.Add(new JsonObject
            {
                ["type"] = "video",
                ["id"] = string.Create(CultureInfo.InvariantCulture, $"{view.Task.Id}-{index}"),
                ["url"] = view.UrlOf(view.Task, index),
                ["watermark_url"] = "",
                ["duration"] = $"{view.Task.Duration ?? "5"}.1",
            });
        }

        task["outputs"] = outputs;
        task["billing"] = view.ShowsCost ? Billing(view) : [];
        return Envelope(task);
    }

    // Source: its page of queries by id, 2026-11.
    private static JsonArray Billing(TaskView view)
    {
        Payment payment = view.Options.Payment;
        JsonArray billing = [];
        if (payment is Payment.Both or Payment.Units)
        {
            billing.Add(new JsonObject { ["charge_type"] = "unit", ["amount"] = view.Units, ["package_type"] = "video" });
        }

        if (payment != Payment.Units)
        {
            billing.Add(new JsonObject
            {
                ["charge_type"] = "cash",
                ["cash_type"] = "balance",
                ["amount"] = view.Price,
                ["currency"] = "USD",
                ["list_price"] = view.ListPrice,
            });
        }

        return billing;
    }

    private static JsonObject Envelope(JsonObject data) => new()
    {
        ["code"] = 0,
        ["message"] = "SUCCEED",
        ["request_id"] = ApiErrors.RequestId(),
        ["data"] = data,
    };

    private static JsonObject Task(EmulatedTask task, TaskState state, string message, DateTimeOffset since)
    {
        JsonObject answer = new()
        {
            ["id"] = task.Id,
            ["status"] = state switch
            {
                TaskState.Submitted => "submitted",
                TaskState.Processing => "processing",
                TaskState.Succeed => "succeeded",
                _ => "failed",
            },
            ["message"] = message,
            ["create_time"] = task.CreatedAt.ToUnixTimeMilliseconds(),
            ["update_time"] = since.ToUnixTimeMilliseconds(),
        };
        if (task.ExternalId is { } externalId)
        {
            answer["external_id"] = externalId;
        }

        return answer;
    }
}
