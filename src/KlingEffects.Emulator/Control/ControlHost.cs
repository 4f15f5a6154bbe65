using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace KlingEffects.Emulator;

/// <summary>The calls under <c>/_emulator/</c>, by which another process looks at the emulator and steers it. They need no key and are not recorded.</summary>
internal static class ControlHost
{
    public const string Prefix = "/_emulator/";

    public static async Task HandleAsync(KlingEmulator emulator, HttpContext context, string path, CancellationToken cancellation)
    {
        Answer answer;
        try
        {
            string[] segments = [.. path[Prefix.Length..].Split('/').Select(Uri.UnescapeDataString)];
            answer = await CallAsync(emulator, context.Request, segments, cancellation);
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

    private static async Task<Answer> CallAsync(KlingEmulator emulator, HttpRequest request, string[] segments, CancellationToken cancellation)
    {
        switch (request.Method, segments)
        {
            case ("GET", ["video", var id, var index]):
                return new Answer(200, "video/mp4", emulator.ContentOf(id, int.Parse(index, NumberStyles.None, CultureInfo.InvariantCulture)));
            case ("GET", [var what]):
                return Json(200, View(emulator, what));
            case ("POST", ["faults"]):
                Fault[] faults = await ReadFaultsAsync(request, cancellation);
                Array.ForEach(faults, emulator.Faults.Add);
                return Json(200, emulator.Faults.Waiting);
            case ("DELETE", ["faults"]):
                emulator.Faults.Clear();
                return Json(200, emulator.Faults.Waiting);
            case ("PATCH", ["options"]):
                OptionsPatch patch = await ReadAsync<OptionsPatch>(request, cancellation);
                emulator.Configure(patch.Apply);
                return Json(200, OptionsPatch.Of(emulator.Options));
            case ("POST", ["reset"]):
                emulator.Reset();
                return Json(200, emulator.Counters);
            case ("POST", ["clock", "advance"]):
                return Json(200, Advance(emulator, await ReadAsync<ClockAdvance>(request, cancellation)));
            case ("POST", ["tasks"]):
                NewTask task = await ReadAsync<NewTask>(request, cancellation);
                return Json(200, emulator.AddTask(task.Kind, task.ExternalId, task.Scene));
            case ("POST", ["tasks", var id, var what]):
                return Json(200, await ChangeTaskAsync(emulator, id, what, request, cancellation));
            default:
                throw new KeyNotFoundException($"There is no control call {request.Method} {request.Path}.");
        }
    }

    private static object View(KlingEmulator emulator, string what) => what switch
    {
        "health" => new { status = "ok", api = emulator.BaseUri, videos = emulator.VideoBaseUri, time = emulator.Options.Time.GetUtcNow() },
        "requests" => emulator.Requests,
        "tasks" => emulator.Tasks,
        "violations" => emulator.Violations,
        "counters" => emulator.Counters,
        "faults" => new { struck = emulator.Faults.Struck, waiting = emulator.Faults.Waiting },
        "options" => OptionsPatch.Of(emulator.Options),
        "state" => new { emulator.Counters, emulator.Violations, emulator.Tasks, emulator.Requests, Faults = emulator.Faults.Waiting },
        _ => throw new KeyNotFoundException($"There is nothing called {what} to look at."),
    };

    private static async Task<EmulatedTask> ChangeTaskAsync(KlingEmulator emulator, string id, string what, HttpRequest request, CancellationToken cancellation)
    {
        EmulatedTask task = emulator.FindTask(id) ?? throw new KeyNotFoundException($"There is no task {id}.");
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

    private static object Advance(KlingEmulator emulator, ClockAdvance by)
    {
        if (emulator.Options.Time is not ManualClock clock)
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
            ? body.Deserialize<Fault[]>(EmulatorJson.Control)!
            : [body.Deserialize<Fault>(EmulatorJson.Control)!];
    }

    private static async Task<T> ReadAsync<T>(HttpRequest request, CancellationToken cancellation) =>
        await JsonSerializer.DeserializeAsync<T>(request.Body, EmulatorJson.Control, cancellation)
        ?? throw new JsonException("The body is null.");

    private static Answer Json<T>(int status, T body) =>
        new(status, "application/json; charset=utf-8", new BytesContent(JsonSerializer.SerializeToUtf8Bytes(body, body!.GetType(), EmulatorJson.Control)));

    private sealed record ClockAdvance(double Seconds);

    private sealed record NewTask(string Kind = "effects", string? ExternalId = null, string? Scene = null);
}
