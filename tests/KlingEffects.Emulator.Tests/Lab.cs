using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace KlingEffects.Emulator.Tests;

/// <summary>An emulator on a driven clock, and a plain client: what anybody would write against the documentation.</summary>
internal sealed class Lab : IAsyncDisposable
{
    public const string SubmitPath = "/kling/v1/videos/effects";

    public const string Hug = """
        {"effect_scene":"hug","input":{"mode":"std","images":["https://your-image-host/person-a.jpg","https://your-image-host/person-b.jpg"],"duration":"5"}}
        """;

    private Lab(KlingEmulator emulator, FakeTimeProvider time)
    {
        Emulator = emulator;
        Time = time;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = emulator.BaseUri };
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public KlingEmulator Emulator { get; }

    public FakeTimeProvider Time { get; }

    public HttpClient Http { get; }

    public static async Task<Lab> StartAsync(EmulatorOptions? options = null)
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        return new Lab(await KlingEmulator.StartAsync((options ?? new EmulatorOptions()) with { Time = time }, Cancellation), time);
    }

    /// <summary>The body of a single-image submit.</summary>
    public static string Single(string image = "https://your-image-host/a.jpg", string scene = "bloombloom", string? externalId = null, string? callbackUrl = null)
    {
        JsonObject body = new()
        {
            ["effect_scene"] = scene,
            ["input"] = new JsonObject { ["image"] = image, ["duration"] = "5" },
        };
        foreach ((string name, string? value) in (ReadOnlySpan<(string, string?)>)[("external_task_id", externalId), ("callback_url", callbackUrl)])
        {
            if (value is not null)
            {
                body[name] = value;
            }
        }

        return body.ToJsonString();
    }

    public HttpRequestMessage Request(HttpMethod method, string path, string? body = null)
    {
        HttpRequestMessage request = new(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Emulator.ApiKey);
        return request;
    }

    public async Task<Reply> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using HttpResponseMessage answer = await Http.SendAsync(request, Cancellation);
            return new Reply(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(Cancellation), answer.Headers, answer.Content.Headers);
        }
    }

    public Task<Reply> SubmitAsync(string body = Hug) => SendAsync(Request(HttpMethod.Post, SubmitPath, body));

    public Task<Reply> QueryAsync(string id, string kind = "effects") =>
        SendAsync(Request(HttpMethod.Get, $"/kling/v1/videos/{kind}/{Uri.EscapeDataString(id)}"));

    public Task<Reply> GetAsync(string url, RangeHeaderValue? range = null, RangeConditionHeaderValue? ifRange = null)
    {
        HttpRequestMessage request = new(HttpMethod.Get, url);
        request.Headers.Range = range;
        request.Headers.IfRange = ifRange;
        return SendAsync(request);
    }

    /// <summary>Submits and gives the id of the task.</summary>
    public async Task<string> SubmittedAsync(string body = Hug)
    {
        Reply reply = await SubmitAsync(body);
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        return (string)reply.Json["data"]!["task_id"]!;
    }

    /// <summary>Queries and gives the task object.</summary>
    public async Task<JsonNode> TaskAsync(string id)
    {
        Reply reply = await QueryAsync(id);
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        return reply.Json["data"]!;
    }

    /// <summary>A task that has succeeded, and the URL of one of its videos.</summary>
    public async Task<(string Id, string Url)> VideoAsync(int index = 0)
    {
        EmulatedTask task = Emulator.AddTask();
        task.Succeed();
        return (task.Id, (string)(await TaskAsync(task.Id))["task_result"]!["videos"]![index]!["url"]!);
    }

    public byte[] BytesOf(string id, int index = 0)
    {
        using MemoryStream copy = new();
        using Stream video = Emulator.OpenVideo(id, index);
        video.CopyTo(copy);
        return copy.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Emulator.DisposeAsync();
    }
}

/// <summary>An answer, read to its end.</summary>
internal sealed record Reply(HttpStatusCode Status, byte[] Bytes, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonNode Json => JsonNode.Parse(Bytes)!;

    public int Code => (int)Json["code"]!;
}
