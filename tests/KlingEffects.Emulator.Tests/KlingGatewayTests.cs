using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace KlingEffects.Emulator.Tests;

/// <summary>The emulator as Kling's own API, by plain HTTP: what its page of effects says, held against what a request gets.</summary>
public sealed class KlingGatewayTests
{
    private const string Route = "/v1/videos/effects";
    private const string Single = """{"effect_scene":"bloombloom","input":{"image":"https://your-image-host/a.jpg"}}""";

    [Fact]
    public async Task A_job_needs_neither_prefix_nor_length()
    {
        await using Lab lab = await StartAsync();
        Reply reply = await SubmitAsync(lab, Single);
        Assert.Equal((HttpStatusCode.OK, 0), (reply.Status, reply.Code));
        Assert.NotEmpty((string)reply.Json["request_id"]!);
        Assert.Equal("submitted", (string)reply.Json["data"]!["task_status"]!);
        Assert.Null(Assert.Single(lab.Emulator.Tasks).Duration);
        Assert.Empty(lab.Emulator.Violations);
    }

    [Theory]
    [InlineData("POST", Lab.SubmitPath)]
    [InlineData("GET", Lab.SubmitPath + "/1")]
    [InlineData("POST", "/v1/videos/image2video")]
    [InlineData("DELETE", Route + "/1")]
    [InlineData("GET", "/v1/videos/avatar/unknown/1")]
    public async Task What_is_no_call_of_its_is_an_error_of_its(string method, string path)
    {
        await using Lab lab = await StartAsync();
        Reply reply = await lab.SendAsync(lab.Request(new HttpMethod(method), path, method == "POST" ? Single : null));
        Assert.Equal((HttpStatusCode.NotFound, 1202), (reply.Status, reply.Code));
        Assert.Contains("no such call", Assert.Single(lab.Emulator.Violations), StringComparison.Ordinal);
        Assert.Empty(lab.Emulator.Tasks);
    }

    [Theory]
    [InlineData("""{"input":{"image":"https://h/a.jpg"}}""", "effect_scene is missing")]
    [InlineData("""{"effect_scene":"hug"}""", "input is missing")]
    [InlineData("""{"effect_scene":"hug","input":{}}""", "input.image is missing")]
    [InlineData("""{"effect_scene":"hug","input":{"images":["https://h/a.jpg"]}}""", "1 images instead of 2")]
    [InlineData("""{"effect_scene":"hug","input":{"image":"https://h/a.jpg","images":["https://h/a.jpg","https://h/b.jpg"]}}""", "both image and images")]
    [InlineData("""{"effect_scene":"hug","input":{"image":"https://h/a.jpg","seed":7}}""", "unknown member input.seed")]
    [InlineData("""{"effect_scene":"hug","sound":"on","input":{"image":"https://h/a.jpg"}}""", "unknown member sound")]
    [InlineData("""{"effect_scene":"hug","input":{"image":"https://h/a.jpg","duration":"long"}}""", "input.duration is no number of seconds")]
    [InlineData("""{"effect_scene":"hug","input":{"image":"https://h/a.jpg","duration":5}}""", "input.duration is no string")]
    [InlineData("""{"effect_scene":"hug","input":{"image":"https://h/a.jpg","mode":"fast"}}""", "input.mode is neither std nor pro")]
    [InlineData("""{"effect_scene":"hug","callback_url":"ftp://h/","input":{"image":"https://h/a.jpg"}}""", "callback_url")]
    [InlineData("""{"effect_scene":"hug","external_task_id":"","input":{"image":"https://h/a.jpg"}}""", "external_task_id is empty")]
    public async Task A_breach_is_1201_in_its_own_envelope_and_written_down(string body, string breach)
    {
        await using Lab lab = await StartAsync();
        Reply reply = await SubmitAsync(lab, body);
        Assert.Equal((HttpStatusCode.BadRequest, 1201), (reply.Status, reply.Code));
        Assert.NotEmpty((string)reply.Json["request_id"]!);
        Assert.Contains(breach, Assert.Single(lab.Emulator.Violations), StringComparison.Ordinal);
        Assert.Empty(lab.Emulator.Tasks);
    }

    [Fact]
    public async Task What_the_page_has_dropped_is_let_through_and_any_member_where_that_is_asked_for()
    {
        await using Lab lab = await StartAsync();
        await SubmittedAsync(lab, Lab.Hug);
        lab.Emulator.Configure(static options => options with { AcceptsAnyMember = true });
        await SubmittedAsync(lab, """{"effect_scene":"hug","sound":"on","input":{"image":"https://h/a.jpg","seed":7}}""");
        Assert.Equal(["5", null], lab.Emulator.Tasks.Select(static task => task.Duration));
        Assert.Empty(lab.Emulator.Violations);
    }

    [Theory]
    [InlineData("sk-wrong")]
    [InlineData("")]
    public async Task A_wrong_key_is_1002(string key)
    {
        await using Lab lab = await StartAsync();
        foreach (HttpRequestMessage request in (HttpRequestMessage[])[
            lab.Request(HttpMethod.Post, Route, Single), lab.Request(HttpMethod.Get, Route), lab.Request(HttpMethod.Get, Route + "/1")])
        {
            request.Headers.Authorization = key.Length == 0 ? null : new AuthenticationHeaderValue("Bearer", key);
            Reply reply = await lab.SendAsync(request);
            Assert.Equal((HttpStatusCode.Unauthorized, 1002), (reply.Status, reply.Code));
        }

        Assert.Empty(lab.Emulator.Tasks);
    }

    [Theory]
    [InlineData("order-42")]
    [InlineData("a/b c%2F?&é")]
    public async Task A_task_answers_to_its_external_id_in_the_path(string externalId)
    {
        await using Lab lab = await StartAsync();
        string id = await SubmittedAsync(lab, new JsonObject
        {
            ["effect_scene"] = "bloombloom",
            ["external_task_id"] = externalId,
            ["input"] = new JsonObject { ["image"] = "https://h/a.jpg" },
        }.ToJsonString());
        Reply reply = await QueryAsync(lab, externalId);
        Assert.Equal(id, (string)reply.Json["data"]!["task_id"]!);
        Assert.Equal(externalId, (string)reply.Json["data"]!["task_info"]!["external_task_id"]!);
    }

    [Fact]
    public async Task A_task_that_is_not_there_is_1203()
    {
        await using Lab lab = await StartAsync();
        Reply reply = await QueryAsync(lab, "none");
        Assert.Equal((HttpStatusCode.NotFound, 1203), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task The_list_is_newest_first_page_by_page()
    {
        await using Lab lab = await StartAsync();
        string[] made = [.. Enumerable.Range(0, 1200).Select(_ => lab.Emulator.AddTask().Id)];
        List<string> listed = [];
        for (int page = 1; page <= 4; page++)
        {
            string[] ids = await ListAsync(lab, $"?pageNum={page}&pageSize=500");
            Assert.Equal(page switch { 1 or 2 => 500, 3 => 200, _ => 0 }, ids.Length);
            listed.AddRange(ids);
        }

        Assert.Equal(made.Reverse(), listed);
        Assert.Equal(30, (await ListAsync(lab, "")).Length);
        Assert.Equal(5, lab.Emulator.Counters.Lists);
    }

    [Theory]
    [InlineData("?pageSize=501")]
    [InlineData("?pageSize=0")]
    [InlineData("?pageNum=1001")]
    [InlineData("?pageNum=first")]
    public async Task A_page_that_there_cannot_be_is_1201(string query)
    {
        await using Lab lab = await StartAsync();
        Reply reply = await lab.SendAsync(lab.Request(HttpMethod.Get, Route + query));
        Assert.Equal((HttpStatusCode.BadRequest, 1201), (reply.Status, reply.Code));
        Assert.Single(lab.Emulator.Violations);
    }

    [Fact]
    public async Task The_list_is_of_one_kind()
    {
        await using Lab lab = await StartAsync();
        lab.Emulator.AddTask("avatar/image2video");
        string effect = lab.Emulator.AddTask().Id;
        Assert.Equal([effect], await ListAsync(lab, ""));
        Reply other = await lab.SendAsync(lab.Request(HttpMethod.Get, "/v1/videos/avatar/image2video"));
        Assert.Single(other.Json["data"]!.AsArray());
    }

    [Theory]
    [InlineData(AnswerShape.Flat)]
    [InlineData(AnswerShape.NewStandard)]
    public async Task What_it_cost_is_told_once_it_has_succeeded(AnswerShape shape)
    {
        await using Lab lab = await StartAsync(shape);
        string id = await SubmittedAsync(lab, Single);
        JsonNode before = (await QueryAsync(lab, id)).Json["data"]!;
        lab.Time.Advance(TimeSpan.FromSeconds(3));
        JsonNode after = (await QueryAsync(lab, id)).Json["data"]!;
        Assert.Null(Units(before));
        Assert.Equal("2", Units(after));

        EmulatedTask failed = lab.Emulator.AddTask();
        failed.Fail("Image pixel is invalid");
        Assert.Null(Units((await QueryAsync(lab, failed.Id)).Json["data"]!));

        string? Units(JsonNode task) => shape == AnswerShape.Flat ? (string?)task["final_unit_deduction"] : (string?)task["billing"]!.AsArray().FirstOrDefault()?["amount"];
    }

    [Fact]
    public async Task The_older_standard_has_its_members_and_no_length_of_a_video()
    {
        await using Lab lab = await StartAsync();
        string id = await SubmittedAsync(lab, Single);
        List<string> words = await WordsAsync(lab, id, "task_status");
        JsonNode task = (await QueryAsync(lab, id)).Json["data"]!;
        Assert.Equal(["submitted", "processing", "succeed"], words);
        JsonNode video = Assert.Single(task["task_result"]!["videos"]!.AsArray())!;
        Assert.Null(video["duration"]);
        Assert.NotNull(video["watermark_url"]);
        Assert.False((bool)task["watermark_info"]!["enabled"]!);
        Assert.Equal("0.28", (string)task["final_balance_deduction"]!["quota"]!);
        Assert.Equal(HttpStatusCode.OK, (await lab.GetAsync((string)video["url"]!)).Status);
    }

    [Fact]
    public async Task The_newer_standard_has_other_members_and_words()
    {
        await using Lab lab = await StartAsync(AnswerShape.NewStandard);
        Reply submitted = await SubmitAsync(lab, """{"effect_scene":"bloombloom","external_task_id":"o-1","input":{"image":"https://h/a.jpg"}}""");
        string id = (string)submitted.Json["data"]!["id"]!;
        List<string> words = await WordsAsync(lab, id, "status");
        JsonNode task = (await QueryAsync(lab, id)).Json["data"]!;
        Assert.Equal(["submitted", "processing", "succeeded"], words);
        Assert.Equal("o-1", (string)task["external_id"]!);
        Assert.Null(task["task_id"]);
        Assert.Equal(HttpStatusCode.OK, (await lab.GetAsync((string)task["outputs"]![0]!["url"]!)).Status);

        EmulatedTask failed = lab.Emulator.AddTask();
        failed.Fail("Image pixel is invalid");
        task = (await QueryAsync(lab, failed.Id)).Json["data"]!;
        Assert.Equal(("failed", "Image pixel is invalid"), ((string)task["status"]!, (string)task["message"]!));
    }

    [Fact]
    public async Task Limits_are_told_in_its_own_words()
    {
        await using Lab lab = await StartAsync();
        lab.Emulator.Configure(static options => options with { ParallelLimit = 1 });
        await SubmittedAsync(lab, Single);
        Reply full = await SubmitAsync(lab, Single);
        Assert.Equal((HttpStatusCode.TooManyRequests, 1303), (full.Status, full.Code));
        Assert.Single(lab.Emulator.Tasks);
        Assert.Empty(lab.Emulator.Violations);
    }

    private static Task<Lab> StartAsync(AnswerShape shape = AnswerShape.Flat) =>
        Lab.StartAsync(new EmulatorOptions { Gateway = Gateway.Kling, AnswerShape = shape });

    private static Task<Reply> SubmitAsync(Lab lab, string body) => lab.SendAsync(lab.Request(HttpMethod.Post, Route, body));

    private static async Task<string> SubmittedAsync(Lab lab, string body)
    {
        Reply reply = await SubmitAsync(lab, body);
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        JsonNode data = reply.Json["data"]!;
        return (string)(data["task_id"] ?? data["id"])!;
    }

    private static Task<Reply> QueryAsync(Lab lab, string id) => lab.SendAsync(lab.Request(HttpMethod.Get, $"{Route}/{Uri.EscapeDataString(id)}"));

    private static async Task<string[]> ListAsync(Lab lab, string query)
    {
        Reply reply = await lab.SendAsync(lab.Request(HttpMethod.Get, Route + query));
        Assert.Equal((HttpStatusCode.OK, 0), (reply.Status, reply.Code));
        return [.. reply.Json["data"]!.AsArray().Select(static task => (string)task!["task_id"]!)];
    }

    private static async Task<List<string>> WordsAsync(Lab lab, string id, string member)
    {
        List<string> words = [];
        foreach (int seconds in (int[])[0, 1, 2])
        {
            lab.Time.Advance(TimeSpan.FromSeconds(seconds));
            words.Add((string)(await QueryAsync(lab, id)).Json["data"]![member]!);
        }

        return words;
    }
}
