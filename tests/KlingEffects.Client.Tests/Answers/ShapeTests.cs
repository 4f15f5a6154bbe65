using KlingEffects.Api.Answers;

namespace KlingEffects.Tests.Answers;

/// <summary>The three shapes of a query's answer, and the freedom that servers take with members.</summary>
public sealed class ShapeTests
{
    private const string Url = "https://videos.example/v.mp4?sig=1";

    [Theory]
    [InlineData("""{"code":0,"data":{"task_id":"t","task_status":"succeed","task_result":{"videos":[{"id":"v","url":"URL","duration":"5.1","watermark_url":"https://w.example/w.mp4"}]}}}""")]
    [InlineData("""{"code":"success","data":{"task_id":"t","status":"SUCCESS","data":{"task_result":{"videos":[{"id":"v","url":"URL","duration":5.1}]}}}}""")]
    [InlineData("""{"code":"success","data":{"task_id":"t","status":"SUCCESS","data":{"code":0,"data":{"task_id":"t","task_result":{"videos":[{"url":"URL"}]}}}}}""")]
    [InlineData("""{"code":"success","data":{"task_id":"t","status":"SUCCESS","result_url":"URL","data":null}}""")]
    [InlineData("""{"code":"success","data":{"task_id":"t","status":"SUCCESS","fail_reason":"URL"}}""")]
    [InlineData("""{"code":"0","data":{"task_id":"t","status":"completed","url":"URL"}}""")]
    [InlineData("""{"data":{"task_id":"t","status":"succeeded","video_url":"URL"}}""")]
    [InlineData("""{"code":0,"data":{"task_id":"t","status":"done"},"video_url":"URL"}""")]
    [InlineData("""{"id":"t","status":"finished","url":"URL"}""")]
    [InlineData("""{"task_id":"t","task_status":"succeed","task_result":{"videos":[{"url":"URL"}]}}""")]
    public void Succeeded(string body)
    {
        KlingTask task = Reading.Told(body.Replace("URL", Url, StringComparison.Ordinal));
        Assert.Equal(("t", KlingTaskStatus.Succeed, null), (task.TaskId, task.Status, task.StatusMessage));
        Assert.Equal(Url, Assert.Single(task.Videos).Url);
    }

    [Theory]
    [InlineData("""{"code":0,"message":"SUCCEED","data":{"task_id":"t","task_status":"failed","task_status_msg":"REASON"}}""")]
    [InlineData("""{"code":"success","data":{"task_id":"t","status":"FAILURE","fail_reason":"REASON"}}""")]
    [InlineData("""{"code":"success","data":{"task_id":"t","status":"FAILURE","fail_reason":"","data":{"task_status_msg":"REASON"}}}""")]
    [InlineData("""{"code":0,"data":{"task_id":"t","status":"failed","error":{"message":"REASON","code":"x"}}}""")]
    [InlineData("""{"code":0,"data":{"task_id":"t","status":"error"},"error":{"message":"REASON","code":"x"}}""")]
    [InlineData("""{"task_id":"t","status":"failed","error":{"message":"REASON"}}""")]
    public void Failed(string body)
    {
        KlingTask task = Reading.Told(body.Replace("REASON", "Image pixel is invalid", StringComparison.Ordinal));
        Assert.Equal(("t", KlingTaskStatus.Failed, "Image pixel is invalid"), (task.TaskId, task.Status, task.StatusMessage));
        Assert.Empty(task.Videos);
    }

    [Theory]
    [InlineData(KlingTaskStatus.Submitted, "submitted created queued not_start initializing wait in_queue")]
    [InlineData(KlingTaskStatus.Processing, "processing in_progress running UNKNOWN paused 7")]
    [InlineData(KlingTaskStatus.Succeed, "succeed succeeded success completed complete finished done")]
    [InlineData(KlingTaskStatus.Failed, "failed fail failure error cancelled canceled aborted expired")]
    public void Synonyms(KlingTaskStatus status, string words)
    {
        foreach (string word in words.Split(' '))
        {
            foreach (string spelling in (string[])[word, word.ToUpperInvariant(), $" {word} "])
            {
                Assert.Equal(status, Reading.Told($$"""{"code":0,"data":{"task_status":"{{spelling}}"} }""").Status);
                Assert.Equal(status, Reading.Told($$"""{"code":"success","data":{"status":"{{spelling}}"} }""").Status);
            }
        }
    }

    [Fact]
    public void Of_a_list_that_no_task_has_a_thousand_videos_are_read()
    {
        string list = string.Join(",", Enumerable.Range(0, 1001).Select(static number => $"{{\"url\":\"https://h/{number}\"}}"));
        KlingTask task = Reading.Told("""{"code":0,"data":{"task_id":"t","task_status":"succeed","task_result":{"videos":[""" + list + "]}}}");
        Assert.Equal((1000, "https://h/999"), (task.Videos.Count, task.Videos[999].Url));
    }

    [Theory]
    [InlineData("878106242831892487")]
    [InlineData("\"878106242831892487\"")]
    public void An_id_is_text_even_where_it_came_as_a_number(string id) =>
        Assert.Equal("878106242831892487", Reading.Submit(200, $$"""{"code":0,"data":{"task_id":{{id}}} }""").Task!.TaskId);

    [Fact]
    public void The_tasks_own_id_goes_before_a_records() =>
        Assert.Equal("t", Reading.Told("""{"code":"success","data":{"id":17,"status":"SUCCESS","data":{"task_id":"t"}}}""").TaskId);

    [Theory]
    [InlineData("1773366844", 1773366844000)]
    [InlineData("\"1773366844\"", 1773366844000)]
    [InlineData("1773366844624", 1773366844624)]
    [InlineData("\"1773366844624\"", 1773366844624)]
    [InlineData("1773366844.5", 1773366844500)]
    [InlineData("99999999999", 99999999999000)]
    [InlineData("100000000000", 100000000000)]
    [InlineData("0", null)]
    [InlineData("-5", null)]
    [InlineData("1e300", null)]
    [InlineData("\"yesterday\"", null)]
    [InlineData("{}", null)]
    [InlineData("null", null)]
    public void Times_in_seconds_or_milliseconds_as_number_or_text(string time, long? milliseconds)
    {
        KlingTask task = Reading.Told($$"""{"code":0,"data":{"task_status":"processing","created_at":{{time}},"updated_at":{{time}}} }""");
        Assert.Equal((milliseconds, milliseconds), (task.CreatedAt?.ToUnixTimeMilliseconds(), task.UpdatedAt?.ToUnixTimeMilliseconds()));
    }

    [Theory]
    [InlineData("\"5.1\"", 5.1)]
    [InlineData("5", 5.0)]
    [InlineData("\"\"", null)]
    [InlineData("-1", null)]
    [InlineData("\"Infinity\"", null)]
    [InlineData("[5]", null)]
    public void A_videos_length_as_number_or_text(string duration, double? seconds) => Assert.Equal(
        seconds,
        Reading.Told($$"""{"code":0,"data":{"task_status":"succeed","task_result":{"videos":[{"url":"{{Url}}","duration":{{duration}} }]} } }""").Videos[0].Duration);

    [Theory]
    [InlineData("\"30%\"", 30)]
    [InlineData("\"30 %\"", 30)]
    [InlineData("99.9", 99)]
    [InlineData("\"\"", null)]
    [InlineData("\"101%\"", null)]
    [InlineData("\"soon\"", null)]
    public void Progress(string progress, int? percent) =>
        Assert.Equal(percent, Reading.Told($$"""{"code":"success","data":{"status":"IN_PROGRESS","progress":{{progress}}} }""").Progress);

    [Theory]
    [InlineData("")]
    [InlineData(""","task_info":null,"task_result":null,"task_status_msg":null,"created_at":null""")]
    [InlineData(""","task_info":{},"task_result":{},"task_status_msg":"","surprise":[{"a":{"b":[1,2,null]}}]""")]
    [InlineData(""","task_info":"x","task_result":[1],"task_status_msg":{},"progress":[]""")]
    public void Members_that_are_missing_null_empty_or_of_another_type(string members)
    {
        KlingTask task = Reading.Told($$"""{"code":0,"request_id":null,"data":{"task_id":"t","task_status":"succeed"{{members}}} }""");
        Assert.Equal(("t", KlingTaskStatus.Succeed, null, null), (task.TaskId, task.Status, task.StatusMessage, task.CreatedAt));
        Assert.Empty(task.Videos);
    }

    [Fact]
    public void Several_videos_keep_their_order_and_those_without_a_URL_do_not_count()
    {
        KlingTask task = Reading.Told("""
            {"code":0,"data":{"task_status":"succeed","task_result":{"videos":[
            {"id":1,"url":"https://h/1"},{"id":2},{"id":3,"url":""},null,7,{"id":"4","url":"https://h/4"}]}}}
            """);
        Assert.Equal([("1", "https://h/1"), ("4", "https://h/4")], task.Videos.Select(static video => (video.Id, video.Url)));
    }

    [Theory]
    [InlineData("result_url", "pending")]
    [InlineData("fail_reason", "none")]
    public void Text_that_is_no_URL_is_no_video(string member, string text) =>
        Assert.Empty(Reading.Told($$"""{"code":"success","data":{"status":"SUCCESS","{{member}}":"{{text}}"} }""").Videos);

    [Fact]
    public void A_URL_of_a_task_under_way_is_no_reason() =>
        Assert.Null(Reading.Told($$"""{"code":"success","data":{"status":"IN_PROGRESS","fail_reason":"{{Url}}"} }""").StatusMessage);

    [Fact]
    public void An_answer_without_a_status_is_not_understood() =>
        Assert.Equal(KlingErrorId.ProtocolError, Reading.Query(200, """{"code":0,"data":{"task_id":"t"}}""").Error().Id);
}
