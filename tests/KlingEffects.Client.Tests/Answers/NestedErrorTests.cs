using System.Text.Json;
using KlingEffects.Api.Answers;

namespace KlingEffects.Tests.Answers;

/// <summary>Errors that stand within each other: what counts and what is told comes from the inside.</summary>
public sealed class NestedErrorTests
{
    private const string Balance = """{"code":1102,"message":"Account balance not enough","request_id":"r-in"}""";
    private const string Parallel = """{"code":1303,"message":"parallel task over resource pack limit","request_id":"r-in"}""";

    public static TheoryData<string> Wrappings => new()
    {
        """{"code":"fail_to_fetch_task","message":TEXT,"data":null}""",
        """{"code":"FAIL_TO_FETCH_TASK","message":TEXT}""",
        """{"code":"fail_to_fetch_task","message":OBJECT,"data":null}""",
        """{"code":"fail_to_fetch_task","message":TWICE,"data":null}""",
        """{"code":"fail_to_fetch_task","message":ESCAPED,"data":null}""",
        """{"code":"fail_to_fetch_task","message":PREFIXED,"data":null}""",
        """{"error":{"message":TEXT,"type":"upstream_error","code":"bad_response_status_code"}}""",
        """{"error":{"message":"Provider returned error","code":"upstream","metadata":{"raw":TEXT,"provider_name":"kling"}}}""",
        """{"error":{"error":OBJECT}}""",
        """{"error":TEXT}""",
        """{"errors":[OBJECT]}""",
        """{"detail":OBJECT}""",
        """{"detail":[OBJECT]}""",
        """{"code":"fail_to_fetch_task","message":"upstream error","data":OBJECT}""",
        """{"code":"fail_to_fetch_task","message":{"error":{"message":TEXT}}}""",
        """{"code":"wrapped","message":WRAPPED,"data":null}""",
        """{"success":false,"msg":TEXT,"code":"x"}""",
        """{"Code":"Upstream","Message":TEXT,"RequestId":"r-out"}""",
        """[{"code":"fail_to_fetch_task","message":TEXT}]""",
    };

    [Theory]
    [MemberData(nameof(Wrappings))]
    public void The_inside_tells_code_sentence_and_request_id(string wrapping)
    {
        foreach (int status in (int[])[400, 429])
        {
            KlingException balance = Both(status, Wrap(wrapping, Balance), KlingErrorId.QuotaExceeded, repeatable: false);
            Assert.Equal(("1102", "r-in"), (balance.Code, balance.RequestId));
            Assert.Contains("Account balance not enough (code 1102", balance.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("{", balance.Message, StringComparison.Ordinal);
            KlingException parallel = Both(status, Wrap(wrapping, Parallel), KlingErrorId.RateLimited, repeatable: true);
            Assert.Equal(("1303", "r-in"), (parallel.Code, parallel.RequestId));
        }
    }

    [Theory]
    [InlineData(1001, KlingErrorId.Unauthorized)]
    [InlineData(1103, KlingErrorId.PermissionDenied)]
    [InlineData(1201, KlingErrorId.InvalidRequest)]
    [InlineData(1301, KlingErrorId.ContentRejected)]
    [InlineData(1304, KlingErrorId.PermissionDenied)]
    public void Every_code_counts_from_the_inside(int code, KlingErrorId id)
    {
        string inner = $$"""{"code":{{code}},"message":"m"}""";
        Both(429, Wrap("""{"code":"fail_to_fetch_task","message":TEXT}""", inner), id, repeatable: false);
    }

    [Fact]
    public void A_broken_server_within_is_uncertain_whatever_the_status()
    {
        foreach (string inner in (string[])["""{"code":5000,"message":"m"}""", """{"code":"5002"}""", """{"code":500,"message":"oops"}"""])
        {
            string body = Wrap("""{"code":"fail_to_fetch_task","message":TEXT}""", inner);
            Assert.Equal((KlingErrorId.SubmitUncertain, false), Reading.Submit(400, body) is var submit ? (submit.Error().Id, submit.Repeatable) : default);
            Assert.Equal((KlingErrorId.ServerError, true), Reading.Query(400, body) is var query ? (query.Error().Id, query.Repeatable) : default);
        }
    }

    [Theory]
    [InlineData("read_response_body_failed")]
    [InlineData("unmarshal_response_failed")]
    [InlineData("do_request_failed")]
    [InlineData("DO_REQUEST_FAILED")]
    public void What_failed_after_the_upstream_was_called_is_uncertain(string code)
    {
        foreach (int status in (int[])[200, 400, 500])
        {
            Assert.Equal(KlingErrorId.SubmitUncertain, Reading.Submit(status, $$"""{"code":"{{code}}","message":"EOF","data":null}""").Error().Id);
        }
    }

    [Theory]
    [InlineData("""{"code":"fail_to_fetch_task","message":"{\"detail\":\"Not Found\"}","data":null}""", 404, KlingErrorId.InvalidRequest, "Not Found")]
    [InlineData("""{"code":"fail_to_fetch_task","message":"{\"error\":\"Not Found\",\"status\":404,\"path\":\"/x\"}","data":null}""", 404, KlingErrorId.InvalidRequest, "Not Found")]
    [InlineData("""{"detail":[{"loc":["body","image"],"msg":"field required","type":"value_error"}]}""", 422, KlingErrorId.InvalidRequest, "field required")]
    [InlineData("""{"code":"fail_to_fetch_task","message":"{\"error\":{\"message\":\"no\",\"code\":402}}","data":null}""", 400, KlingErrorId.QuotaExceeded, "no")]
    public void A_sentence_within_is_told_where_no_code_is(string body, int status, KlingErrorId id, string sentence)
    {
        KlingException error = Reading.Submit(status, body).Error();
        Assert.Equal(id, error.Id);
        Assert.Contains($": {sentence} (", error.Message, StringComparison.Ordinal);
    }

    // Gateways of before September 2026 told a 202 of their upstream so.
    [Theory]
    [InlineData(202)]
    [InlineData(200)]
    [InlineData(400)]
    public void An_error_that_holds_an_accepted_task_is_uncertain_and_names_it(int status)
    {
        string body = Wrap("""{"code":"fail_to_fetch_task","message":TEXT,"data":null}""", """{"code":0,"message":"SUCCEED","data":{"task_id":"t-9","task_status":"submitted"}}""");
        ApiResult answer = Reading.Submit(status, body);
        Assert.Equal((KlingErrorId.SubmitUncertain, Creation.Uncertain, "t-9"), (answer.Error().Id, answer.Creation, answer.Error().TaskId));
        Assert.NotNull(answer.Error().AnswerBody);
    }

    [Theory]
    [InlineData("parallel task over resource pack limit", "1303", KlingErrorId.RateLimited)]
    [InlineData("Parallel task over resource pack limit.", "1303", KlingErrorId.RateLimited)]
    [InlineData("kling: PARALLEL TASK OVER RESOURCE PACK LIMIT (request id: r-7)", "1303", KlingErrorId.RateLimited)]
    [InlineData("The API request is too fast, exceeding the platform's rate limit", "1302", KlingErrorId.RateLimited)]
    [InlineData("Account balance not enough", "1102", KlingErrorId.QuotaExceeded)]
    [InlineData("Resource pack depleted or expired", "1102", KlingErrorId.QuotaExceeded)]
    [InlineData("Account in arrears (postpaid scenario)", "1101", KlingErrorId.QuotaExceeded)]
    [InlineData("Unauthorized access to requested resource, such as API/model", "1103", KlingErrorId.PermissionDenied)]
    [InlineData("Authorization has expired", "1004", KlingErrorId.Unauthorized)]
    [InlineData("Auth failed", "1000", KlingErrorId.Unauthorized)]
    [InlineData("Failure to pass the risk control system", "1301", KlingErrorId.ContentRejected)]
    [InlineData("Trigger the content security policy of the platform", "1301", KlingErrorId.ContentRejected)]
    [InlineData("Trigger the platform's IP whitelisting policy", "1304", KlingErrorId.PermissionDenied)]
    [InlineData("File is not in a valid base64 format", "1201", KlingErrorId.InvalidRequest)]
    public void Klings_own_sentence_tells_the_number_that_was_lost(string sentence, string code, KlingErrorId id)
    {
        string[] bodies =
        [
            $$"""{"code":"task_failed","message":"{{sentence}}","data":null}""",
            $$"""{"code":"fail_to_fetch_task","message":"{{sentence}}"}""",
            $$"""{"error":{"message":"{{sentence}}","type":"comet_api_error","code":""} }""",
            $$"""{"message":"{{sentence}}"}""",
        ];
        foreach (string body in bodies)
        {
            Assert.Equal(code, Both(400, body, id, repeatable: id == KlingErrorId.RateLimited).Code);
        }
    }

    [Theory]
    [InlineData("Server internal error", "5000")]
    [InlineData("Server temporarily unavailable, usually due to maintenance", "5001")]
    [InlineData("Server internal timeout, usually due to backlog", "5002")]
    public void A_lost_number_of_the_servers_own_trouble_leaves_a_submit_uncertain(string sentence, string code)
    {
        KlingException error = Reading.Submit(400, $$"""{"code":"task_failed","message":"{{sentence}}","data":null}""").Error();
        Assert.Equal((KlingErrorId.SubmitUncertain, code), (error.Id, error.Code));
    }

    [Theory]
    [InlineData("""{"code":"fail_to_fetch_task","message":"{\"code\":1102,\"message\":\"Account balance not en"}""", KlingErrorId.QuotaExceeded)]
    [InlineData("""{"code":"task_failed","message":"upstream said code=1303, try later"}""", KlingErrorId.RateLimited)]
    [InlineData("""{"code":"task_failed","message":"error code: 1301"}""", KlingErrorId.ContentRejected)]
    [InlineData("""{"code":"KLING_1102","message":"no"}""", KlingErrorId.QuotaExceeded)]
    [InlineData("""{"error":{"code":"kling-1303","message":"no"}}""", KlingErrorId.RateLimited)]
    [InlineData("""{"errorCode":1303,"errorMessage":"no"}""", KlingErrorId.RateLimited)]
    [InlineData("""{"error":{"code":"task_failed","message":"{'code': 1102, 'message': 'x'}"}}""", KlingErrorId.QuotaExceeded)]
    public void A_number_in_a_text_that_is_no_whole_JSON(string body, KlingErrorId id) => Both(400, body, id, repeatable: id == KlingErrorId.RateLimited);

    [Theory]
    [InlineData("""{"code":402,"msg":"Insufficient credits","data":null}""", KlingErrorId.QuotaExceeded, Creation.NotCreated)]
    [InlineData("""{"code":401,"msg":"You do not have access","data":null}""", KlingErrorId.PermissionDenied, Creation.NotCreated)]
    [InlineData("""{"code":401,"msg":"Unauthorized"}""", KlingErrorId.Unauthorized, Creation.NotCreated)]
    [InlineData("""{"code":422,"msg":"Validation Error"}""", KlingErrorId.InvalidRequest, Creation.NotCreated)]
    [InlineData("""{"code":429,"msg":"Rate Limited"}""", KlingErrorId.RateLimited, Creation.NotCreated)]
    [InlineData("""{"code":500,"msg":"Server Error"}""", KlingErrorId.ServerError, Creation.Uncertain)]
    [InlineData("""{"code":455,"msg":"Service Unavailable"}""", KlingErrorId.InvalidRequest, Creation.NotCreated)]
    [InlineData("""{"code":"fail_to_fetch_task","message":"TEXT","data":{"a":1}}""", KlingErrorId.ProtocolError, Creation.Uncertain)]
    internal void A_status_in_the_code_of_a_200(string body, KlingErrorId ofQuery, Creation creation)
    {
        Assert.Equal(ofQuery, Reading.Query(200, body).Error().Id);
        Assert.Equal(creation, Reading.Submit(200, body).Creation);
    }

    private static KlingException Both(int status, string body, KlingErrorId id, bool repeatable)
    {
        ApiResult query = Reading.Query(status, body);
        Assert.Equal((id, repeatable), (query.Error().Id, query.Repeatable));
        ApiResult submit = Reading.Submit(status, body);
        Assert.Equal((id, repeatable, Creation.NotCreated), (submit.Error().Id, submit.Repeatable, submit.Creation));
        return submit.Error();
    }

    private static string Wrap(string wrapping, string inner)
    {
        string Text(string json) => JsonSerializer.Serialize(json);
        return wrapping
            .Replace("WRAPPED", Text("{\"code\":\"fail_to_fetch_task\",\"message\":" + Text(inner) + "}"), StringComparison.Ordinal)
            .Replace("PREFIXED", Text($"status 429, body: {inner} (request id: r-out)"), StringComparison.Ordinal)
            .Replace("ESCAPED", Text(inner.Replace("\"", "\\\"", StringComparison.Ordinal)), StringComparison.Ordinal)
            .Replace("TWICE", Text(Text(inner)), StringComparison.Ordinal)
            .Replace("TEXT", Text(inner), StringComparison.Ordinal)
            .Replace("OBJECT", inner, StringComparison.Ordinal);
    }
}
