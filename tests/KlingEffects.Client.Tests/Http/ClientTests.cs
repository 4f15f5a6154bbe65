using KlingEffects.Api;
using KlingEffects.Api.Gateways;
using KlingEffects.Emulator;
using KlingEffects.Emulator.Recording;
using KlingEffects.Queries;

namespace KlingEffects.Tests.Http;

/// <summary>The client's calls over real sockets, on a clock that passes by itself.</summary>
public sealed class ClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_task_that_was_just_submitted_may_take_a_minute_to_be_known()
    {
        await using Scene scene = await Scene.StartAsync(shareClock: false);
        KlingTask task = await scene.SubmitAsync();
        AnswerStatus notThere = new(400) { Body = """{"code":"task_not_exist","message":"task_not_exist","data":null}""" };
        scene.Fails(Operation.Query, notThere, times: 20);
        KlingTask seen = await TaskQuery.AskAsync(scene.Api, task.TaskId, task, Cancellation);
        Assert.Equal((task.TaskId, 21), (seen.TaskId, scene.Queries));

        scene.Fails(Operation.Query, notThere, Fault.Forever);
        Assert.Equal(KlingErrorId.TaskNotFound, (await Assert.ThrowsAsync<KlingException>(() => TaskQuery.AskAsync(scene.Api, task.TaskId, task, Cancellation))).Id);
        Assert.InRange(scene.Time.Passed.TotalSeconds, 60, 63);
        await Assert.ThrowsAsync<KlingException>(() => scene.Client.GetTaskAsync(task.TaskId, cancellationToken: Cancellation));
        Assert.InRange(scene.Time.Passed.TotalSeconds, 60, 63);
    }

    [Fact]
    public async Task A_query_is_sent_six_times_at_most_with_growing_pauses()
    {
        await using Scene scene = await Scene.StartAsync(shareClock: false);
        scene.Fails(Operation.Query, new AnswerStatus(502), Fault.Forever);
        KlingException error = await Assert.ThrowsAsync<KlingException>(() => scene.Client.GetTaskAsync("t", cancellationToken: Cancellation));
        Assert.Equal((KlingErrorId.ServerError, 502, "t", (object)"t"), (error.Id, error.HttpStatus, error.TaskId, error.Target));
        Assert.Equal(6, scene.Queries);
        Assert.InRange(scene.Time.Passed.TotalSeconds, 15.5 * 0.75, 15.5 * 1.25);
    }

    [Fact]
    public async Task A_wait_that_the_server_asks_for_is_kept()
    {
        await using Scene scene = await Scene.StartAsync(shareClock: false);
        scene.Fails(Operation.Query, new AnswerStatus(503) { Headers = new Dictionary<string, string> { ["Retry-After"] = "12" } });
        string id = scene.Emulator.AddTask().Id;
        Assert.Equal(id, (await scene.Client.GetTaskAsync(id, cancellationToken: Cancellation)).TaskId);
        Assert.Equal(12, scene.Time.Passed.TotalSeconds);
    }

    [Theory]
    [InlineData(45, "45 s")]
    [InlineData(3600, "60 min")]
    [InlineData(86400, "24 h")]
    public async Task A_longer_one_is_told_at_once(int seconds, string shown)
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { Gateway = Gateway.Kling }, shareClock: false);
        Dictionary<string, string> headers = new() { ["Retry-After"] = $"{seconds}" };
        scene.Fails(Operation.Query, new AnswerStatus(503) { Headers = headers }, Fault.Forever);
        scene.Fails(Operation.List, new AnswerStatus(429) { Headers = headers }, Fault.Forever);
        foreach (Func<Task> ask in (Func<Task>[])[() => scene.Client.GetTaskAsync("t", cancellationToken: Cancellation), () => AccountQuery.PageAsync(scene.Api, "effects", 1, Cancellation)])
        {
            KlingException error = await Assert.ThrowsAsync<KlingException>(ask);
            Assert.Equal(TimeSpan.FromSeconds(seconds), error.RetryAfter);
            Assert.EndsWith($" The server asks to be left alone for {shown}: ask again then.", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal((2, 0), (scene.Way.Requests, scene.Time.Passed.TotalSeconds));
    }

    [Fact]
    public async Task Any_kind_of_task_is_asked_for_by_its_route_and_by_the_users_own_id()
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { TaskIdStyle = TaskIdStyle.Base64Like }, shareClock: false);
        string id = scene.Emulator.AddTask("image2video", "order/42 ä").Id;
        Assert.Equal((id, "image2video", "order/42 ä"), await AskAsync(id));
        Assert.Equal((id, "image2video", "order/42 ä"), await AskAsync("order/42 ä"));
        Assert.Equal("/kling/v1/videos/image2video/" + Uri.EscapeDataString(id), scene.Emulator.Requests[0].Path);

        async Task<(string, string, string?)> AskAsync(string name)
        {
            KlingTask task = await scene.Client.GetTaskAsync(name, "image2video", Cancellation);
            return (task.TaskId, task.Kind, task.ExternalTaskId);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \uFEFF \r\n")]
    [InlineData("sk one two")]
    [InlineData("sk-\u00e4")]
    public void What_can_be_no_key_is_refused_and_not_repeated(string key)
    {
        KlingException error = Assert.Throws<KlingException>(() => new KlingClient(new KlingClientOptions { ApiKey = key }));
        Assert.Equal(KlingErrorId.ApiKeyMissing, error.Id);
        Assert.True(key.Trim().Length < 2 || !error.ToString().Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_is_trimmed_of_space_and_a_byte_order_mark()
    {
        await using KlingEmulator emulator = await KlingEmulator.StartAsync(cancellationToken: Cancellation);
        KlingClient client = new(new KlingClientOptions { ApiKey = $"\uFEFF {emulator.ApiKey}\r\n", BaseUri = emulator.BaseUri });
        string id = emulator.AddTask().Id;
        Assert.Equal(id, (await client.GetTaskAsync(id, cancellationToken: Cancellation)).TaskId);
    }

    [Theory]
    [InlineData("http://api.cometapi.com")]
    [InlineData("http://localhost.example:8080")]
    [InlineData("http://127.0.0.1.example")]
    [InlineData("ftp://localhost")]
    [InlineData("https://user:secret@api.cometapi.com")]
    [InlineData("/relative")]
    public void An_address_that_is_not_safe_to_send_a_key_to_is_refused(string address)
    {
        KlingException error = Assert.Throws<KlingException>(() =>
            new KlingClient(new KlingClientOptions { ApiKey = "sk", BaseUri = new Uri(address, UriKind.RelativeOrAbsolute) }));
        Assert.Equal(KlingErrorId.InvalidRequest, error.Id);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://api.cometapi.com", "https://api.cometapi.com/kling/v1/videos/effects")]
    [InlineData("https://api.cometapi.com/v1", "https://api.cometapi.com/kling/v1/videos/effects")]
    [InlineData("https://api.cometapi.com/V1/", "https://api.cometapi.com/kling/v1/videos/effects")]
    [InlineData("https://gate.example/comet/v1/?x=1#y", "https://gate.example/comet/kling/v1/videos/effects")]
    [InlineData("http://[::1]:8080/", "http://[::1]:8080/kling/v1/videos/effects")]
    [InlineData("https://api.cometapi.com/kling", "https://api.cometapi.com/kling/v1/videos/effects")]
    [InlineData("https://api.cometapi.com/kling/", "https://api.cometapi.com/kling/v1/videos/effects")]
    [InlineData("https://api.cometapi.com/kling/v1", "https://api.cometapi.com/kling/v1/videos/effects")]
    [InlineData("https://api.cometapi.com/kling/v1/videos", "https://api.cometapi.com/kling/v1/videos/effects")]
    [InlineData("https://api.cometapi.com/kling/v1/videos/effects", "https://api.cometapi.com/kling/v1/videos/effects")]
    [InlineData("https://api.cometapi.com/KLING/V1/videos/effects/{task_id}", "https://api.cometapi.com/kling/v1/videos/effects")]
    [InlineData("https://api.cometapi.com/v1/chat/completions", "https://api.cometapi.com/kling/v1/videos/effects")]
    [InlineData("https://gate.example/comet/kling/v1/videos/effects?x=1", "https://gate.example/comet/kling/v1/videos/effects")]
    [InlineData("https://gate.example/my-kling", "https://gate.example/my-kling/kling/v1/videos/effects")]
    [InlineData("api.cometapi.com", "https://api.cometapi.com/kling/v1/videos/effects")]
    [InlineData("api.cometapi.com/v1", "https://api.cometapi.com/kling/v1/videos/effects")]
    [InlineData("api.cometapi.com:443/kling", "https://api.cometapi.com/kling/v1/videos/effects")]
    [InlineData("//api.cometapi.com", "https://api.cometapi.com/kling/v1/videos/effects")]
    [InlineData("\"https://api.cometapi.com\"", "https://api.cometapi.com/kling/v1/videos/effects")]
    [InlineData(" https://api.cometapi.com\u00A0", "https://api.cometapi.com/kling/v1/videos/effects")]
    [InlineData("localhost:8787", "http://localhost:8787/kling/v1/videos/effects")]
    [InlineData("127.0.0.1:8787/kling", "http://127.0.0.1:8787/kling/v1/videos/effects")]
    [InlineData("[::1]:8787", "http://[::1]:8787/kling/v1/videos/effects")]
    [InlineData("gateway:8443", "https://gateway:8443/kling/v1/videos/effects")]
    public void The_routes_hang_off_the_root_of_the_API(string address, string submit) => Assert.Equal(
        submit, new ApiClient(new KlingClientOptions { ApiKey = "sk", BaseUri = new Uri(address, UriKind.RelativeOrAbsolute) }).SubmitUri.AbsoluteUri);

    [Theory]
    [InlineData("\"sk-1\"")]
    [InlineData("'sk-1'")]
    [InlineData(" \u201Csk-1\u201D\r\n")]
    [InlineData("\uFEFF'sk-1' ")]
    [InlineData("\u00A0sk-1\u00A0")]
    public async Task Blanks_and_quotation_marks_around_a_key_are_no_part_of_it(string key)
    {
        ScriptedHandler handler = new(static (_, _) => Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.Unauthorized)));
        ApiClient api = new(new KlingClientOptions { ApiKey = key }, handler);
        await api.QueryAsync(new KlingTask { TaskId = "t" }, Cancellation);
        Assert.Equal("Bearer sk-1", $"{Assert.Single(handler.Requests).Headers.Authorization}");
    }

    [Theory]
    [InlineData("\"sk-1")]
    [InlineData("sk-1'")]
    [InlineData("COMETAPI_KEY='sk-1'")]
    [InlineData("\"\"")]
    [InlineData("Bearer sk-1")]
    public void What_can_be_no_key_is_refused_before_anything_is_sent(string key)
    {
        KlingException error = Assert.Throws<KlingException>(() => new ApiClient(new KlingClientOptions { ApiKey = key }));
        Assert.Equal(KlingErrorId.ApiKeyMissing, error.Id);
        Assert.DoesNotContain("sk-1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/b+c=", "effects", "effects/a%2Fb%2Bc%3D")]
    [InlineData("../../x", "effects", "effects/..%2F..%2Fx")]
    [InlineData("a?b#c", "lip-sync", "lip-sync/a%3Fb%23c")]
    [InlineData("%2e%2e", "avatar/image2video", "avatar/image2video/%252e%252e")]
    public void No_id_leaves_its_place_in_the_path(string id, string kind, string path) => Assert.Equal(
        "https://h.example/kling/v1/videos/" + path,
        KlingGateway.CometApi.QueryUri(new Uri("https://h.example/"), kind, id).AbsoluteUri);

    [Theory]
    [InlineData(".", "effects")]
    [InlineData("..", "effects")]
    [InlineData("t", "..")]
    [InlineData("", "effects")]
    [InlineData("t", "")]
    [InlineData("t", "avatar/../effects")]
    [InlineData("t", "/effects")]
    public void Dots_alone_are_no_place_in_a_path(string id, string kind) => Assert.Equal(
        KlingErrorId.InvalidRequest,
        Assert.Throws<KlingException>(() => KlingGateway.CometApi.QueryUri(new Uri("https://h.example/"), kind, id)).Id);
}
