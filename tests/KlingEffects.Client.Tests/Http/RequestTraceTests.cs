using System.Text.RegularExpressions;
using KlingEffects.Api;
using KlingEffects.Api.Exchange;
using KlingEffects.Batches;
using KlingEffects.Emulator;
using KlingEffects.Emulator.Recording;
using KlingEffects.Http;
using KlingEffects.Tests.Videos;

namespace KlingEffects.Tests.Http;

/// <summary>Each request is a line where somebody wants to know, and nothing of it is a secret.</summary>
public sealed class RequestTraceTests : IDisposable
{
    private const string Key = "sk-of-the-trace-4711";

    private readonly TemporaryFolder _folder = new();
    private readonly RequestTrace _trace = new();
    private readonly Signal _signal = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _signal.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Submit_query_and_download_are_a_line_each_without_key_query_and_body()
    {
        await using KlingEmulator emulator = await KlingEmulator.StartAsync(
            new EmulatorOptions { ApiKey = Key, GenerationTime = TimeSpan.Zero, UrlLifetime = TimeSpan.FromMinutes(10) }, Cancellation);
        ApiClient api = Client(emulator.BaseUri);
        KlingClient client = new(api);
        _trace.Listen(_signal.Set);

        KlingTask task = await client.SubmitAsync(new EffectJob { Scene = "secret_scene", Images = [ImageSource.Parse("https://images.example/a.jpg?token=in-the-body")] }, Cancellation);
        KlingTask ended = await client.GetTaskAsync(task.TaskId, cancellationToken: Cancellation);
        await new VideoSaver(api).SaveAsync(new SaveRequest { Task = ended, Video = ended.Videos[0], Path = _folder.Combine("a.mp4") }, Cancellation);

        string[] lines = Lines();
        Uri video = new(ended.Videos[0].Url);
        Assert.NotEqual("", video.Query);
        Assert.Collection(
            lines,
            line => Assert.Equal($"POST /kling/v1/videos/effects: 200, # ms{RequestId(task)}", line),
            line => Assert.Equal($"GET /kling/v1/videos/effects/{task.TaskId}: 200, # ms{RequestId(ended)}", line),
            line => Assert.Equal($"GET {video.GetLeftPart(UriPartial.Path)}: 200, # ms", line));
        foreach (string secret in (string[])[Key, "secret_scene", "token", "?", "sig="])
        {
            Assert.DoesNotContain(lines, line => line.Contains(secret, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Each_redirect_of_a_video_is_a_line_and_one_to_an_address_with_the_key_in_it_is_not_followed()
    {
        await using ScriptedHost host = new(
            ScriptedHost.Answer("302 Found\r\nLocation: /moved/b.mp4?signature=5ec7e7"),
            ScriptedHost.Answer($"302 Found\r\nLocation: /moved/{Key}/b.mp4?signature=5ec7e7"));
        ApiClient api = Client(new Uri("http://127.0.0.1:9/"));
        _trace.Listen(_signal.Set);
        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => new VideoSaver(api).SaveAsync(
            host.Request(_folder.Combine("a.mp4")) with { Video = new KlingVideo { Url = host.Origin + "/a.mp4?signature=5ec7e7#part" } }, Cancellation));
        Assert.Equal([$"GET {host.Origin}/a.mp4: 302, # ms", $"GET {host.Origin}/moved/b.mp4: 302, # ms"], Lines());
        Assert.Contains("goes nowhere", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, failure.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, host.Requests.Count);
    }

    [Fact]
    public async Task What_is_refused_has_its_status_and_request_id_and_what_is_not_answered_its_reason()
    {
        await using KlingEmulator emulator = await KlingEmulator.StartAsync(new EmulatorOptions { ApiKey = Key }, Cancellation);
        ApiClient api = Client(emulator.BaseUri);
        _trace.Listen(_signal.Set);
        emulator.Faults.Add(new Fault(Operation.Query, new ResetAfter()));
        emulator.Faults.Add(new Fault(Operation.Query, new AnswerStatus(401) { Body = $$$"""{"code":1000,"message":"{{{Key}}}","request_id":"{{{Key}}}-7"}""" }));

        await api.QueryAsync(new KlingTask { TaskId = "t-1" }, Cancellation);
        await api.QueryAsync(new KlingTask { TaskId = "t-2" }, Cancellation);

        string[] lines = Lines();
        Assert.Equal(2, lines.Length);
        Assert.Matches(@"^GET /kling/v1/videos/effects/t-1: no answer \(.+\), # ms$", lines[0]);
        Assert.Equal("GET /kling/v1/videos/effects/t-2: 401, # ms, request id [key]-7", lines[1]);
    }

    [Fact]
    public async Task A_request_that_is_given_up_is_told()
    {
        await using KlingEmulator emulator = await KlingEmulator.StartAsync(new EmulatorOptions { ApiKey = Key }, Cancellation);
        ApiClient api = Client(emulator.BaseUri);
        _trace.Listen(_signal.Set);
        emulator.Faults.Add(new Fault(Operation.Query, new Stall(0)));
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<Api.Answers.ApiResult> asked = api.QueryAsync(new KlingTask { TaskId = "t-1" }, stop.Token);
        await emulator.WaitForAsync(static at => at.Requests.Any(static request => request.IsHeld), Cancellation);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.Equal(["GET /kling/v1/videos/effects/t-1: no answer (given up), # ms"], Lines());
    }

    [Fact]
    public async Task A_request_that_goes_again_without_Expect_is_two_lines()
    {
        _folder.Write("a.png", TestImages.Png(400, 400, 3_000_000));
        await using ScriptedHost host = new(ScriptedHost.Answer("200 OK", """{"code":0,"data":{"task_id":"t-1"}}"""u8.ToArray()))
        {
            Instead = static head => head.Contains("Expect: 100-continue", StringComparison.OrdinalIgnoreCase)
                ? "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray()
                : null,
        };
        _trace.Listen(_signal.Set);
        await new KlingClient(Client(new Uri(host.Origin))).SubmitAsync(new EffectJob { Scene = "hug", Images = [ImageSource.Parse(_folder.Combine("a.png"))] }, Cancellation);
        Assert.Equal(["POST /kling/v1/videos/effects: 417, # ms", "POST /kling/v1/videos/effects: 200, # ms"], Lines());
    }

    [Fact]
    public async Task Nothing_is_kept_while_nobody_listens()
    {
        await using KlingEmulator emulator = await KlingEmulator.StartAsync(new EmulatorOptions { ApiKey = Key }, Cancellation);
        await Client(emulator.BaseUri).QueryAsync(new KlingTask { TaskId = "t-1" }, Cancellation);
        Assert.False(_trace.HasAny);
    }

    private static string RequestId(KlingTask task) => task.RequestId is { } id ? $", request id {id}" : "";

    private ApiClient Client(Uri address) => new(new KlingClientOptions { ApiKey = Key, BaseUri = address, Trace = _trace });

    private string[] Lines()
    {
        List<string> lines = [];
        while (_trace.TryTake(out EndedRequest what))
        {
            lines.Add(Regex.Replace(what.Text.ToString(), @"\b\d+ ms\b", "# ms"));
        }

        return [.. lines];
    }
}
