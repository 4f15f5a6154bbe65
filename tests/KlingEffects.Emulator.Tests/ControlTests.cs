using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace KlingEffects.Emulator.Tests;

/// <summary>What another process can see and do, without a key and without leaving a trace in the record.</summary>
public sealed class ControlTests
{
    [Fact]
    public async Task The_state_is_there_to_be_read()
    {
        await using Lab lab = await Lab.StartAsync();
        string id = await lab.SubmittedAsync(Lab.Single(externalId: "order-42"));
        JsonNode state = await CallAsync(lab, HttpMethod.Get, "state");
        Assert.Equal((id, "order-42", "submitted"), ((string)state["tasks"]![0]!["id"]!, (string)state["tasks"]![0]!["externalId"]!, (string)state["tasks"]![0]!["state"]!));
        Assert.Equal((200, "submit"), ((int)state["requests"]![0]!["status"]!, (string)state["requests"]![0]!["operation"]!));
        Assert.Equal(1, (int)state["counters"]!["acceptedSubmits"]!);
        Assert.Equal("ok", (string)(await CallAsync(lab, HttpMethod.Get, "health"))["status"]!);
        foreach (string part in (string[])["requests", "tasks", "counters", "violations"])
        {
            Assert.Equal(state[part]!.ToJsonString(), (await CallAsync(lab, HttpMethod.Get, part)).ToJsonString());
        }

        Assert.Single(lab.Emulator.Requests);
        Assert.Empty(lab.Emulator.Violations);
    }

    [Fact]
    public async Task Faults_are_added_one_or_many_and_cleared()
    {
        await using Lab lab = await Lab.StartAsync();
        await CallAsync(lab, HttpMethod.Post, "faults", """{"operation":"submit","times":2,"effect":{"code":429,"kind":"status","headers":{"Retry-After":"2"}}}""");
        await CallAsync(lab, HttpMethod.Post, "faults", """
            [
              {"operation":"query","delay":1.5,"effect":{"kind":"stall","bytes":10,"for":60}},
              {"effect":{"kind":"acceptThenStatus","code":504}},
              {"operation":"video","scene":"hug","skip":1,"probability":0.5,"times":0,"effect":{"kind":"truncate","bytes":100}},
              {"operation":"submit","effect":{"kind":"succeedWithoutUrl","for":120}}, {"effect":{"kind":"answerIn","shape":"wrapperNested"}},
              {"effect":{"kind":"redirect","location":"http://a"}}, {"effect":{"kind":"resetBefore"}}, {"effect":{"kind":"resetAfter"}},
              {"effect":{"kind":"throttle","bytesPerSecond":5}}, {"effect":{"kind":"noContentLength"}}, {"effect":{"kind":"expiredUrl"}},
              {"effect":{"kind":"rangeIgnored"}}, {"effect":{"kind":"wrongContentRange"}}, {"effect":{"kind":"changedETag"}},
              {"effect":{"kind":"failTask","reason":"no"}}, {"effect":{"kind":"neverEnds"}}
            ]
            """);
        var faults = lab.Emulator.Faults.Waiting;
        Assert.Equal(17, faults.Count);
        Assert.Equal(429, Assert.IsType<AnswerStatus>(faults[0].Effect).Code);
        Assert.Equal(new Fault(Operation.Query, new Stall(10, TimeSpan.FromMinutes(1))) { Delay = TimeSpan.FromSeconds(1.5) }, faults[1]);
        Assert.Equal(new Fault(Operation.Video, new Truncate(100)) { Scene = "hug", Skip = 1, Probability = 0.5, Times = Fault.Forever }, faults[3]);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await lab.SubmitAsync()).Status);

        await CallAsync(lab, HttpMethod.Delete, "faults");
        Assert.Empty(lab.Emulator.Faults.Waiting);
    }

    [Theory]
    [InlineData("POST", "faults", """{"operation":"submit","efect":{}}""", HttpStatusCode.BadRequest)]
    [InlineData("POST", "faults", """{"effect":{"kind":"unheardOf"}}""", HttpStatusCode.BadRequest)]
    [InlineData("POST", "faults", "not json", HttpStatusCode.BadRequest)]
    [InlineData("POST", "faults", """{"effect":{}}""", HttpStatusCode.BadRequest)]
    [InlineData("POST", "faults", """{"effect":{"kind":"status"}}""", HttpStatusCode.BadRequest)]
    [InlineData("POST", "faults", """{"effect":{"kind":"status","code":1000}}""", HttpStatusCode.BadRequest)]
    [InlineData("POST", "faults", """{"effect":{"kind":"redirect"}}""", HttpStatusCode.BadRequest)]
    [InlineData("POST", "faults", """{"effect":{"kind":"failTask"}}""", HttpStatusCode.BadRequest)]
    [InlineData("POST", "faults", """{"effect":{"kind":"throttle"}}""", HttpStatusCode.BadRequest)]
    [InlineData("POST", "faults", """{"delay":1e300}""", HttpStatusCode.BadRequest)]
    [InlineData("PATCH", "options", """{"generationSeconds":1e300}""", HttpStatusCode.BadRequest)]
    [InlineData("PATCH", "options", """{"latencyMs":-5}""", HttpStatusCode.BadRequest)]
    [InlineData("GET", "video/1/first", null, HttpStatusCode.BadRequest)]
    [InlineData("GET", "video/1/99999999999", null, HttpStatusCode.BadRequest)]
    [InlineData("PATCH", "options", """{"latency":1}""", HttpStatusCode.BadRequest)]
    [InlineData("POST", "clock/advance", """{"seconds":1}""", HttpStatusCode.BadRequest)]
    [InlineData("POST", "tasks/1/succeed", null, HttpStatusCode.NotFound)]
    [InlineData("GET", "video/1/0", null, HttpStatusCode.NotFound)]
    [InlineData("GET", "nothing", null, HttpStatusCode.NotFound)]
    public async Task A_mistake_is_answered_with_its_reason(string method, string path, string? body, HttpStatusCode status)
    {
        await using Lab lab = await Lab.StartAsync();
        using HttpRequestMessage request = new(new HttpMethod(method), $"/_emulator/{path}") { Content = body is null ? null : new StringContent(body) };
        using HttpResponseMessage answer = await lab.Http.SendAsync(request, Lab.Cancellation);
        Assert.Equal(status, answer.StatusCode);
        Assert.NotEmpty((string)(await answer.Content.ReadFromJsonAsync<JsonNode>(Lab.Cancellation))!["error"]!);
    }

    [Fact]
    public async Task Options_change_while_it_runs()
    {
        await using Lab lab = await Lab.StartAsync();
        JsonNode options = await CallAsync(lab, HttpMethod.Patch, "options", """{"generationSeconds":60,"parallelLimit":5,"latencyMs":250,"answerShape":"simple","sceneSeconds":{"hug":7},"anyScene":false}""");
        Assert.Equal((60, 5, 262144), ((double)options["generationSeconds"]!, (int)options["parallelLimit"]!, (long)options["videoBytes"]!));
        EmulatorOptions now = lab.Emulator.Options;
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(250), AnswerShape.Simple), (now.GenerationTime, now.Latency, now.AnswerShape));
        Assert.Equal(TimeSpan.FromSeconds(7), now.GenerationTimes["hug"]);
        Assert.Same(PublishedScenes.Names, now.KnownScenes);
        Assert.Equal(now with { GenerationTimes = EmptyTimes }, OptionsPatch.Of(now).Apply(now) with { GenerationTimes = EmptyTimes });
    }

    [Fact]
    public async Task Tasks_are_added_ended_and_their_videos_compared()
    {
        await using Lab lab = await Lab.StartAsync();
        string one = (string)(await CallAsync(lab, HttpMethod.Post, "tasks", """{"kind":"image2video"}"""))["id"]!;
        string other = (string)(await CallAsync(lab, HttpMethod.Post, "tasks", "{}"))["id"]!;
        Assert.Equal("failed", (string)(await CallAsync(lab, HttpMethod.Post, $"tasks/{one}/fail", """{"reason":"no"}"""))["state"]!);
        Assert.Equal("succeed", (string)(await CallAsync(lab, HttpMethod.Post, $"tasks/{other}/succeed"))["state"]!);
        string url = (string)(await lab.TaskAsync(other))["task_result"]!["videos"]![0]!["url"]!;
        Assert.Equal((await lab.GetAsync(url)).Bytes, (await lab.GetAsync($"/_emulator/video/{other}/0")).Bytes);
        await CallAsync(lab, HttpMethod.Post, $"tasks/{other}/expire");
        Assert.Equal(HttpStatusCode.Forbidden, (await lab.GetAsync(url)).Status);
        await CallAsync(lab, HttpMethod.Post, "reset");
        Assert.Empty(lab.Emulator.Tasks);
    }

    private static readonly Dictionary<string, TimeSpan> EmptyTimes = [];

    private static async Task<JsonNode> CallAsync(Lab lab, HttpMethod method, string path, string? body = null)
    {
        using HttpRequestMessage request = new(method, $"/_emulator/{path}") { Content = body is null ? null : new StringContent(body) };
        using HttpResponseMessage answer = await lab.Http.SendAsync(request, Lab.Cancellation);
        string text = await answer.Content.ReadAsStringAsync(Lab.Cancellation);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
