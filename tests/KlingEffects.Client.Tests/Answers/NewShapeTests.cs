using System.Text.Json;
using KlingEffects.Api.Answers;

namespace KlingEffects.Tests.Answers;

/// <summary>Newer and other shapes of a task: Kling's newer standard, the OpenAI form, camel case, lists of one, JSON as text.</summary>
public sealed class NewShapeTests
{
    private const string Url = "https://videos.example/v.mp4?sig=1";

    /// <summary>One answer of each new shape, for what is done with all of them.</summary>
    public static readonly string[] Shapes =
    [
        """{"code":0,"message":"SUCCEED","request_id":"r","data":{"id":"t","status":"succeeded","message":"","create_time":1781080778802,"update_time":1781080794151,"external_id":"x-1","outputs":[{"type":"video","id":"v","url":"URL","watermark_url":"","duration":"5.1"}],"billing":[{"charge_type":"unit","amount":"2"}]}}""",
        """{"code":0,"message":"SUCCEED","data":[{"task_id":"t","task_status":"succeed","task_result":{"videos":[{"id":"v","url":"URL","duration":"5.1"}]}}]}""",
        """{"id":"t","task_id":"t","object":"video","model":"kling-v1-6","status":"completed","progress":100,"created_at":1773366844,"completed_at":1773367160,"seconds":"5.1","metadata":{"url":"URL"}}""",
        """{"code":200,"msg":"success","data":{"taskId":"t","state":"completed","resultUrls":["URL"],"failMsg":null,"createTime":1781080778802}}""",
        """{"code":"fail_to_fetch_task","message":"{\"code\":1102,\"message\":\"Account balance not enough\",\"request_id\":\"0a1b\"}","data":null}""",
        """{"code":"success","data":{"task_id":"t","status":"FAILURE","fail_reason":"{\"code\":1301,\"message\":\"Failure to pass the risk control system\"}"}}""",
    ];

    [Theory]
    [InlineData("""{"data":{"id":"t","status":"succeeded","outputs":[{"type":"video","url":"URL"}]}}""")]
    [InlineData("""{"code":0,"data":{"id":"t","status":"succeeded","outputs":[{"type":"image","url":"https://h/cover.jpg"},{"type":"VIDEO","url":"URL"}]}}""")]
    [InlineData("""{"code":0,"data":{"id":"t","status":"succeeded","outputs":["URL"]}}""")]
    [InlineData("""{"code":0,"data":{"id":"t","status":"succeeded","outputs":{"url":"URL"}}}""", true)]
    [InlineData("""{"code":0,"data":[{"id":"t","status":"succeeded","outputs":[{"url":"URL"}]}]}""")]
    [InlineData("""[{"id":"t","status":"succeeded","outputs":[{"url":"URL"}]}]""")]
    [InlineData("""{"code":0,"data":{"tasks":[{"id":"t","status":"succeeded","outputs":[{"url":"URL"}]}]}}""")]
    [InlineData("""{"code":0,"data":{"list":[{"task_id":"t","task_status":"succeed","task_result":{"videos":[{"url":"URL"}]}}]}}""")]
    [InlineData("""{"code":0,"data":"{\"task_id\":\"t\",\"task_status\":\"succeed\",\"task_result\":{\"videos\":[{\"url\":\"URL\"}]}}"}""")]
    [InlineData("""{"code":0,"data":{"task_id":"t","task_status":"succeed","task_result":"{\"videos\":[{\"url\":\"URL\"}]}"}}""")]
    [InlineData("""{"code":0,"data":{"task_id":"t","task_status":"succeed","task_result":[{"videos":[{"url":"URL"}]}]}}""")]
    [InlineData("""{"code":0,"data":{"task_id":"t","task_status":"succeed","task_result":{"videos":{"url":"URL"}}}}""")]
    [InlineData("""{"code":0,"data":{"task_id":"t","task_status":"succeed","task_result":{"videos":["URL"]}}}""")]
    [InlineData("""{"id":"t","object":"video","status":"completed","metadata":{"url":"URL"}}""")]
    [InlineData("""{"id":"t","object":"video","status":"completed","url":"","metadata":{"video_url":"URL"}}""")]
    [InlineData("""{"code":"success","data":{"id":"t","status":"completed","metadata":{"url":"URL"}}}""")]
    [InlineData("""{"code":200,"msg":"success","data":{"taskId":"t","state":"completed","resultUrls":["URL"],"failMsg":""}}""")]
    [InlineData("""{"code":200,"message":"success","data":{"taskId":"t","state":"success","resultJson":"{\"resultUrls\":[\"URL\"]}","failCode":"","failMsg":""}}""")]
    [InlineData("""{"code":200,"data":{"taskId":"t","state":"success","response":{"resultUrls":["URL"]}}}""")]
    [InlineData("""{"code":200,"data":{"taskId":"t","taskStatus":"succeed","taskResult":{"videos":[{"url":"URL"}]}}}""")]
    [InlineData("""{"Code":0,"Data":{"TaskId":"t","TaskStatus":"succeed","TaskResult":{"Videos":[{"Url":"URL"}]}}}""")]
    [InlineData("""{"taskId":"t","state":"completed","videoUrl":"URL"}""")]
    [InlineData("""{"request_id":"r","output":{"task_id":"t","task_status":"SUCCEEDED","video_url":"URL"}}""")]
    [InlineData("""{"code":0,"data":{"task_id":"t","status":"TASK_STATUS_SUCCEED","videos":[{"video_url":"URL"}]}}""")]
    [InlineData("""{"code":200,"data":{"task_id":"t","status":"completed","output":{"works":[{"video":{"resource":"URL"}}]}}}""")]
    [InlineData("""{"code":0,"data":{"task_id":"t","task_status":{"name":"succeed"},"task_result":{"videos":[{"url":"URL"}]}}}""")]
    public void Succeeded(string body, bool hasNoList = false)
    {
        KlingTask task = Reading.Told(body.Replace("URL", Url, StringComparison.Ordinal));
        Assert.Equal(("t", KlingTaskStatus.Succeed, null), (task.TaskId, task.Status, task.StatusMessage));
        if (!hasNoList)
        {
            Assert.Equal(Url, Assert.Single(task.Videos).Url);
        }
    }

    [Fact]
    public void Every_member_of_the_newer_standard_is_read()
    {
        KlingTask task = Reading.Told(Shapes[0].Replace("URL", Url, StringComparison.Ordinal));
        Assert.Equal(("t", "x-1", "r"), (task.TaskId, task.ExternalTaskId, task.RequestId));
        Assert.Equal((1781080778802, 1781080794151), (task.CreatedAt!.Value.ToUnixTimeMilliseconds(), task.UpdatedAt!.Value.ToUnixTimeMilliseconds()));
        Assert.Equal(("v", 5.1, null), (task.Videos[0].Id, task.Videos[0].Duration, task.Videos[0].WatermarkUrl));
        Assert.Equal(5.1, Reading.Told(Shapes[2].Replace("URL", Url, StringComparison.Ordinal)).Videos[0].Duration);
    }

    [Theory]
    [InlineData("""{"code":0,"message":"SUCCEED","data":{"id":"t","status":"failed","message":"REASON"}}""")]
    [InlineData("""{"code":0,"message":"SUCCEED","data":[{"id":"t","status":"failed","message":"REASON"}]}""")]
    [InlineData("""{"code":200,"msg":"success","data":{"taskId":"t","state":"failed","failMsg":"REASON"}}""")]
    [InlineData("""{"code":200,"msg":"success","data":{"taskId":"t","state":"fail","failCode":"501","failMsg":"REASON"}}""")]
    [InlineData("""{"id":"t","object":"video","status":"failed","error":{"message":"REASON","code":"x"}}""")]
    [InlineData("""{"id":"t","object":"video","status":"failed","error":"REASON"}""")]
    [InlineData("""{"code":0,"data":{"task_id":"t","status":"failed","error_message":"REASON"}}""")]
    [InlineData("""{"code":0,"data":{"task_id":"t","status":"failed","errors":1,"error":["REASON"]}}""")]
    [InlineData("""{"code":"success","message":"","data":{"task_id":"t","status":"FAILURE","fail_reason":"","data":{"code":0,"message":"SUCCEED","data":{"task_status_msg":"REASON"}}}}""")]
    [InlineData("""{"code":0,"message":"REASON","data":{"task_id":"t","task_status":"failed"}}""")]
    [InlineData("""{"code":0,"data":{"task_id":"t","task_status":"failed","task_status_msg":{"message":"REASON"}}}""")]
    [InlineData("""{"code":0,"data":{"task_id":"t","task_status":"failed","task_status_msg":7e400,"task_info":[],"created_at":{},"message":"REASON"}}""", true)]
    public void Failed(string body, bool hasOddReason = false)
    {
        KlingTask task = Reading.Told(body.Replace("REASON", "Image pixel is invalid", StringComparison.Ordinal));
        Assert.Equal(("t", KlingTaskStatus.Failed), (task.TaskId, task.Status));
        Assert.Equal(hasOddReason ? "7e400" : "Image pixel is invalid", task.StatusMessage);
    }

    [Theory]
    [InlineData("{\"code\":1301,\"message\":\"Failure to pass the risk control system\"}", "1301")]
    [InlineData("{\"error\":{\"code\":\"1301\",\"message\":\"Failure to pass the risk control system\"}}", "1301")]
    [InlineData("upstream: {\"code\":1301,\"msg\":\"Failure to pass the risk control system\"}", "1301")]
    [InlineData("{\"code\":\"task_failed\",\"message\":\"{\\\"code\\\":1301,\\\"message\\\":\\\"Failure to pass the risk control system\\\"}\"}", "1301")]
    [InlineData("[{\"code\":\"content_policy\",\"message\":\"Failure to pass the risk control system\"}]", "content_policy")]
    public void A_reason_that_is_itself_JSON_is_told_as_its_sentence_with_its_code(string reason, string code)
    {
        foreach (string body in (string[])
        [
            """{"code":"success","data":{"task_id":"t","status":"FAILURE","fail_reason":REASON}}""",
            """{"code":0,"data":{"task_id":"t","task_status":"failed","task_status_msg":REASON}}""",
            """{"code":0,"data":{"id":"t","status":"failed","message":REASON}}""",
            """{"code":200,"data":{"taskId":"t","state":"fail","failMsg":REASON}}""",
        ])
        {
            KlingTask task = Reading.Told(body.Replace("REASON", JsonSerializer.Serialize(reason), StringComparison.Ordinal));
            Assert.Equal($"Failure to pass the risk control system (code {code})", task.StatusMessage);
            KlingException error = TaskOutcome.FailureOf(task)!;
            Assert.Equal((KlingErrorId.TaskFailed, code), (error.Id, error.Code));
            Assert.Equal($"Task t failed: Failure to pass the risk control system (code {code}).", error.Message);
        }
    }

    [Fact]
    public void A_code_beside_the_reason_is_in_the_error() => Assert.Equal(
        "501", TaskOutcome.FailureOf(Reading.Told("""{"code":200,"data":{"taskId":"t","state":"fail","failCode":"501","failMsg":"no"}}"""))!.Code);

    public static TheoryData<string> Members => new()
    {
        "task_id", "task_info", "task_status_msg", "task_result", "created_at", "updated_at", "progress", "watermark_info", "final_unit_deduction", "billing",
        "external_id", "outputs", "message", "metadata", "seconds",
    };

    [Theory]
    [MemberData(nameof(Members))]
    public void A_member_of_an_unexpected_type_costs_that_member_only(string member)
    {
        foreach (string value in (string[])["null", "true", "7", "-1.5e300", "\"x\"", "{}", "[]", "[null]", "[[]]", "{\"a\":[{}]}", "[{\"a\":1},{\"b\":2}]"])
        {
            KlingTask task = Reading.Told($$"""
                {"code":0,"message":"SUCCEED","request_id":"r","data":{"id":"t2","result_url":"{{Url}}","task_status":"succeed","{{member}}":{{value}} } }
                """);
            Assert.Equal((KlingTaskStatus.Succeed, Url, "r"), (task.Status, task.Videos[0].Url, task.RequestId));
            Assert.True(member == "task_id" || task.TaskId == "t2");
        }
    }

    [Theory]
    [InlineData("\"2026-06-10T08:39:38Z\"", 1781080778000)]
    [InlineData("\"2026-06-10 08:39:38\"", 1781080778000)]
    [InlineData("\"2569-06-10T\"", null)]
    public void Times_as_text(string time, long? milliseconds) => Assert.Equal(
        milliseconds, Reading.Told($$"""{"code":0,"data":{"status":"processing","createTime":{{time}} } }""").CreatedAt?.ToUnixTimeMilliseconds());

    [Theory]
    [InlineData(200, """{"code":0,"data":{"id":"t","status":"submitted"}}""")]
    [InlineData(202, """{"code":0,"data":{"task_id":"t","task_status":"submitted"}}""")]
    [InlineData(202, """{"code":202,"message":"Accepted","data":{"task_id":"t"}}""")]
    [InlineData(201, """{"code":"201","message":"Created","data":{"id":"t"}}""")]
    [InlineData(202, """{"task_id":"t"}""")]
    [InlineData(202, """{"id":"t"}""")]
    [InlineData(202, """{"id":"t","object":"video","status":"queued","progress":0,"created_at":1773366844}""")]
    [InlineData(200, """{"code":200,"msg":"success","data":{"taskId":"t"}}""")]
    [InlineData(200, """{"code":"SUCCEED","data":{"taskId":"t"}}""")]
    [InlineData(200, """{"code":"ok","data":[{"task_id":"t"}]}""")]
    [InlineData(200, """{"code":0,"error":{"code":0,"message":""},"data":{"task_id":"t"}}""")]
    [InlineData(200, """{"code":0,"error":"","data":{"task_id":"t"}}""")]
    [InlineData(200, """{"request_id":"r","output":{"task_id":"t","task_status":"PENDING"}}""")]
    public void An_accepted_submit_is_a_task(int status, string body)
    {
        ApiResult answer = Reading.Submit(status, body);
        Assert.Equal((Creation.Created, "t", KlingTaskStatus.Submitted), (answer.Creation, answer.Task?.TaskId, answer.Task?.Status));
    }

    [Theory]
    [InlineData("""{"code":"success","message":"","data":null}""")]
    [InlineData("""{"code":0,"message":"SUCCEED","data":null}""")]
    [InlineData("""{"code":0,"message":"SUCCEED"}""")]
    [InlineData("""{"code":0,"data":[]}""")]
    [InlineData("""{"code":0,"data":""}""")]
    [InlineData("""{"code":0,"data":"null"}""")]
    [InlineData("""{"code":0,"data":false}""")]
    [InlineData("""{"data":null}""")]
    [InlineData("""{"code":null,"data":null}""")]
    [InlineData("null")]
    public void Accepted_without_data_is_uncertain_and_keeps_the_body(string body)
    {
        foreach (int status in (int[])[200, 201, 202])
        {
            ApiResult answer = Reading.Submit(status, body);
            Assert.Equal((KlingErrorId.SubmitUncertain, Creation.Uncertain, false), (answer.Error().Id, answer.Creation, answer.Repeatable));
            Assert.Equal(body, answer.Error().AnswerBody);
            Assert.Equal((KlingErrorId.ProtocolError, true), Reading.Query(status, body) is var query ? (query.Error().Id, query.Repeatable) : default);
        }
    }
}
