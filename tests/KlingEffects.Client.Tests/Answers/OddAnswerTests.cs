using System.Text;
using KlingEffects.Api.Answers;
using KlingEffects.Api.Exchange;
using KlingEffects.Http;

namespace KlingEffects.Tests.Answers;

/// <summary>Answers that no well-kept server gives.</summary>
public sealed class OddAnswerTests
{
    private const string Submitted = """{"code":0,"data":{"task_id":"t-1","task_status":"submitted"}}""";

    [Fact]
    public void A_byte_order_mark_and_space_do_not_matter() => Assert.Equal(
        "t-1", Reading.Of(Operation.Submit, 200, [.. "\uFEFF"u8, .. Encoding.UTF8.GetBytes($"\r\n {Submitted} \n")]).Task!.TaskId);

    [Fact]
    public void Of_a_member_that_is_there_twice_the_last_counts() => Assert.Equal(
        ("b", KlingTaskStatus.Failed),
        Reading.Told("""{"code":1201,"code":0,"data":{},"data":{"task_id":"a","task_id":"b","task_status":"succeed","task_status":"failed"}}""") is var task
            ? (task.TaskId, task.Status) : default);

    [Fact]
    public void What_is_nested_without_end_is_not_understood()
    {
        string deep = string.Concat(Enumerable.Repeat("""{"data":""", 100_000));
        Assert.Equal(KlingErrorId.ProtocolError, Reading.Query(200, deep + "1" + new string('}', 100_000)).Error().Id);
        Assert.Equal(KlingErrorId.SubmitUncertain, Reading.Submit(200, deep).Error().Id);
    }

    [Theory]
    [InlineData("\"\\ud800\"", "\"submitted\"")]
    [InlineData("\"a\\udc00b\"", "\"submitted\"")]
    [InlineData("\"a b\"", "\"submitted\"")]
    [InlineData("\"a\\u0007b\"", "\"submitted\"")]
    [InlineData("\"a\\u202eb\"", "\"submitted\"")]
    [InlineData("\"..\"", "\"submitted\"")]
    [InlineData("\"\"", "\"submitted\"")]
    [InlineData("true", "\"submitted\"")]
    [InlineData("{}", "\"submitted\"")]
    public void What_can_be_no_id_is_none(string id, string status) => Assert.Equal(
        KlingErrorId.SubmitUncertain,
        Reading.Submit(200, $$"""{"code":0,"data":{"task_id":{{id}},"task_status":{{status}}} }""").Error().Id);

    [Fact]
    public void An_id_has_an_end() => Assert.Equal(
        KlingErrorId.SubmitUncertain, Reading.Submit(200, $$"""{"code":0,"data":{"task_id":"{{new string('9', 257)}}"} }""").Error().Id);

    [Theory]
    [InlineData("""{"\ud800":1,"code":0,"data":{"task_id":"t-1","task_status":"submitted"}}""")]
    [InlineData("""{"code":0,"data":{"\udc00x":1,"task_id":"t-1","task_status":"submitted"}}""")]
    public void A_members_name_that_is_no_text_does_not_matter(string body) =>
        Assert.Equal("t-1", Reading.Submit(200, body).Task!.TaskId);

    [Fact]
    public void A_members_name_that_is_no_text_can_hide_others_and_is_no_accident()
    {
        ApiResult answer = Reading.Submit(200, """{"code":0,"data":{"task_id":"t-1","\ud800aaaaaaaaaaaaaa":1}}""");
        Assert.Equal(KlingErrorId.SubmitUncertain, answer.Error().Id);
    }

    [Fact]
    public void Bytes_that_are_no_text_do_not_matter_in_a_member_that_is_not_read()
    {
        byte[] body = Encoding.UTF8.GetBytes("""{"code":0,"message":"~","data":{"task_id":"t-1","task_status":"submitted"}}""");
        body[Array.IndexOf(body, (byte)'~')] = 0xFF;
        Assert.Equal("t-1", Reading.Of(Operation.Submit, 200, body).Task!.TaskId);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_shown_as_such()
    {
        ApiResult answer = Reading.Of(Operation.Query, 200, [0xC3, 0x28, 0x1B, 0x5B, 0x33, 0x31, 0x6D, 0xFF, (byte)'x']);
        Assert.Equal("\uFFFD( [31m\uFFFDx", answer.Error().AnswerBody);
    }

    [Fact]
    public void A_body_that_was_not_read_is_refused()
    {
        foreach (Operation operation in (Operation[])[Operation.Submit, Operation.Query])
        {
            ApiResult answer = AnswerReader.Read(operation, new Response(200, default) { Unfit = "the answer is too long" });
            Assert.Equal(operation == Operation.Submit ? KlingErrorId.SubmitUncertain : KlingErrorId.ProtocolError, answer.Error().Id);
            Assert.Contains("the answer is too long", answer.Error().Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_wait_that_a_server_asks_for_goes_with_the_error() => Assert.Equal(
        TimeSpan.FromSeconds(7),
        AnswerReader.Read(Operation.Query, new Response(429, default) { RetryAfter = TimeSpan.FromSeconds(7) }).RetryAfter);

    [Fact]
    public void The_API_s_own_words_code_and_request_id_are_in_the_error()
    {
        KlingException error = Reading.Query(400, """{"code":1201,"message":"File is not in a valid base64 format.","request_id":"r-1"}""").Error();
        Assert.Equal("The API did not tell of the task: File is not in a valid base64 format (code 1201, HTTP 400).", error.Message);
        Assert.Equal(("1201", "r-1", 400, null), (error.Code, error.RequestId, error.HttpStatus!.Value, error.AnswerBody));
        Assert.Equal("KlingInvalidRequest", error.ErrorId);
    }

    [Theory]
    [InlineData(true, Operation.Submit, KlingErrorId.SubmitUncertain, false)]
    [InlineData(false, Operation.Submit, KlingErrorId.ServerError, true)]
    [InlineData(true, Operation.Query, KlingErrorId.ServerError, true)]
    internal void Where_no_answer_came_it_depends_on_whether_the_request_left(bool left, Operation operation, KlingErrorId id, bool repeatable)
    {
        ApiResult answer = AnswerReader.Read(operation, Response.None(left ? BodyProgress.Whole : BodyProgress.Begun, new("the line was cut")));
        Assert.Equal((id, repeatable, false), (answer.Error().Id, answer.Repeatable, answer.WasAnswered));
        Assert.Equal(left ? Creation.Uncertain : Creation.NotCreated, answer.Creation);
        Assert.Contains("the line was cut", answer.Error().Message, StringComparison.Ordinal);
        Assert.False(AnswerReader.Read(operation, Response.None(left ? BodyProgress.Whole : BodyProgress.Begun, new("no") { IsPermanent = true })).Repeatable);
    }
}
