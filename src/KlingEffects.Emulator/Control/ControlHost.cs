using System.Globalization;
using System.Text.Json;
using KlingEffects.Emulator.Answers;
using KlingEffects.Emulator.Content;
using KlingEffects.Emulator.Exchanges;
using KlingEffects.Emulator.Faults;
using KlingEffects.Emulator.Tasks;
using Microsoft.AspNetCore.Http;

namespace KlingEffects.Emulator.Control;

/// <summary>The calls under <c>/_emulator/</c>, by which another process looks at the emulator and steers it. They need no key and are not recorded.</summary>
internal sealed class ControlHost(EmulatorState state, Uri apiUri, Uri videoUri)
{
    public const string Prefix = "/_emulator/";

    public async Task HandleAsync(HttpContext context, string path, CancellationToken cancellation)
    {
        Answer answer;
        try
        {
            string[] segments = [.. path[Prefix.Length..].Split('/').Select(Uri.UnescapeDataString)];
            answer = await CallAsync(context.Request, segments, cancellation);
        }
        catch (Exception mistake) when (mistake is JsonException or ArgumentException or InvalidOperationException or FormatException or OverflowException or NotSupportedException)
        {
            answer = Json(400, new { error = mistake.Message });
        }
        catch (KeyNotFoundException missing)
        {
            answer = Json(404, new { error = missing.Message });
        }

        await AnswerWriter.WriteAsync(context, answer, Delivery.Plain, time => Task.Delay(time, cancellation), _ => { }, cancellation);
    }

    private async Task<Answer> CallAsync(HttpRequest request, string[] segments, CancellationToken cancellation)
    {
        switch (request.Method, segments)
        {
            case ("GET", ["video", var id, var index]):
                return new Answer(200, "video/mp4", state.VideoOf(id, int.Parse(index, NumberStyles.None, CultureInfo.InvariantCulture)));
            case ("GET", [var what]):
                return Json(200, View(what));
            case ("POST", ["faults"]):
                Fault[] faults = await ReadFaultsAsync(request, cancellation);
                Array.ForEach(faults, state.Faults.Add);
                return Json(200, state.Faults.Waiting);
            case ("DELETE", ["faults"]):
                state.Faults.Clear();
                return Json(200, state.Faults.Waiting);
            case ("PATCH", ["options"]):
                OptionsPatch patch = await ReadAsync<OptionsPatch>(request, cancellation);
                state.Configure(patch.Apply);
                return Json(200, OptionsPatch.Of(state.Options));
            case ("POST", ["reset"]):
                state.Reset();
                return Json(200, state.Counters);
            case ("POST", ["clock", "advance"]):
                return Json(200, Advance(await ReadAsync<ClockAdvance>(request, cancellation)));
            case ("POST", ["tasks"]):
                NewTask task = await ReadAsync<NewTask>(request, cancellation);
                EmulatedTask[] added = [.. Enumerable.Range(0, Math.Max(1, task.Count)).Select(_ => state.AddTask(task.Kind, task.ExternalId, task.Scene, Seconds.ToTime(task.Age)))];
                return added is [var only] ? Json(200, only) : Json(200, added);
            case ("POST", ["tasks", var id, var what]):
                return Json(200, await ChangeTaskAsync(id, what, request, cancellation));
            default:
                throw new KeyNotFoundException($"There is no control call {request.Method} {request.Path}.");
        }
    }

    private object View(string what) => what switch
    {
        "health" => new { status = "ok", api = apiUri, videos = videoUri, time = state.Time.GetUtcNow() },
        "requests" => state.Log.Requests(),
        "tasks" => state.Tasks.Snapshot(),
        "violations" => state.Log.Violations(),
        "counters" => state.Counters,
        "faults" => new { struck = state.Faults.Struck, waiting = state.Faults.Waiting },
        "options" => OptionsPatch.Of(state.Options),
        "state" => new
        {
            state.Counters,
            Violations = state.Log.Violations(),
            Tasks = state.Tasks.Snapshot(),
            Requests = state.Log.Requests(),
            Faults = state.Faults.Waiting,
        },
        _ => throw new KeyNotFoundException($"There is nothing called {what} to look at."),
    };

    private async Task<EmulatedTask> ChangeTaskAsync(string id, string what, HttpRequest request, CancellationToken cancellation)
    {
        EmulatedTask task = state.FindTask(id) ?? throw new KeyNotFoundException($"There is no task {id}.");
        switch (what)
        {
            case "succeed":
                task.Succeed();
                break;
            case "fail":
                task.Fail(request.ContentLength > 0 ? (await ReadAsync<FailTask>(request, cancellation)).Reason : "Failed on request");
                break;
            case "expire":
                task.ExpireUrls();
                break;
            default:
                throw new KeyNotFoundException($"A task can succeed, fail and expire, and not {what}.");
        }

        return task;
    }

    private object Advance(ClockAdvance by)
    {
        if (state.Time is not ManualClock clock)
        {
            throw new InvalidOperationException("The clock goes by itself: start the emulator with --manual-clock.");
        }

        clock.Advance(Seconds.ToTime(by.Seconds));
        return new { time = clock.GetUtcNow() };
    }

    private static async Task<Fault[]> ReadFaultsAsync(HttpRequest request, CancellationToken cancellation)
    {
        JsonElement body = await ReadAsync<JsonElement>(request, cancellation);
        return body.ValueKind == JsonValueKind.Array
            ? body.Deserialize<Fault[]>(ControlJson.Options)!
            : [body.Deserialize<Fault>(ControlJson.Options)!];
    }

    private static async Task<T> ReadAsync<T>(HttpRequest request, CancellationToken cancellation) =>
        await JsonSerializer.DeserializeAsync<T>(request.Body, ControlJson.Options, cancellation)
        ?? throw new JsonException("The body is null.");

    private static Answer Json<T>(int status, T body) =>
        new(status, "application/json; charset=utf-8", new BytesContent(JsonSerializer.SerializeToUtf8Bytes(body, body!.GetType(), ControlJson.Options)));

    private sealed record ClockAdvance(double Seconds);

    private sealed record NewTask(string Kind = "effects", string? ExternalId = null, string? Scene = null, int Count = 1, double Age = 0);
}
