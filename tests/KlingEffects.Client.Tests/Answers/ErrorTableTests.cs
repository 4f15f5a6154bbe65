using KlingEffects.Api.Answers;

namespace KlingEffects.Tests.Answers;

/// <summary>The table of errors, row by row: what it is, whether a query asks again, and whether a submit may have made a task.</summary>
public sealed class ErrorTableTests
{
    private const string Html = "<html><body>Just a moment...</body></html>";

    public enum Submits
    {
        /// <summary>Nothing was made, and sending it again would not help.</summary>
        Refused,

        /// <summary>Nothing was made; later it may be.</summary>
        Again,

        /// <summary>Nobody knows.</summary>
        Uncertain,
    }

    public static TheoryData<int, string, KlingErrorId, bool, Submits> Rows => new()
    {
        { 400, Gateway("", "model name is required"), KlingErrorId.InvalidRequest, false, Submits.Refused },
        { 400, """{"code":"task_not_exist","message":"task_not_exist","data":null}""", KlingErrorId.TaskNotFound, false, Submits.Refused },
        { 400, Gateway("task_not_exist", "task_not_exist"), KlingErrorId.TaskNotFound, false, Submits.Refused },
        { 400, Gateway("", "task_not_exist (request id: 1)"), KlingErrorId.TaskNotFound, false, Submits.Refused },
        { 401, Gateway("", "Invalid token"), KlingErrorId.Unauthorized, false, Submits.Refused },
        { 401, """{"error":{"message":"Invalid token","type":"new_api_error"}}""", KlingErrorId.Unauthorized, false, Submits.Refused },
        { 401, Html, KlingErrorId.Unauthorized, false, Submits.Refused },
        { 402, "", KlingErrorId.QuotaExceeded, false, Submits.Refused },
        { 403, """{"code":null,"message":"user quota is not enough"}""", KlingErrorId.QuotaExceeded, false, Submits.Refused },
        { 403, Gateway("insufficient_user_quota", "用户额度不足"), KlingErrorId.QuotaExceeded, false, Submits.Refused },
        { 403, Gateway("permission_denied", "no"), KlingErrorId.PermissionDenied, false, Submits.Refused },
        { 403, Html, KlingErrorId.PermissionDenied, false, Submits.Refused },
        { 403, Gateway("", "the load balancer says no"), KlingErrorId.PermissionDenied, false, Submits.Refused },
        { 404, Html, KlingErrorId.InvalidRequest, false, Submits.Refused },
        { 413, "", KlingErrorId.InvalidRequest, false, Submits.Refused },
        { 301, "", KlingErrorId.ProtocolError, false, Submits.Refused },
        { 301, Html, KlingErrorId.ProtocolError, false, Submits.Refused },
        { 302, Html, KlingErrorId.ProtocolError, false, Submits.Uncertain },
        { 303, "", KlingErrorId.ProtocolError, false, Submits.Uncertain },
        { 304, "", KlingErrorId.ProtocolError, false, Submits.Uncertain },
        { 307, Html, KlingErrorId.ProtocolError, false, Submits.Refused },
        { 308, Html, KlingErrorId.ProtocolError, false, Submits.Refused },
        { 406, Html, KlingErrorId.InvalidRequest, false, Submits.Uncertain },
        { 409, Html, KlingErrorId.InvalidRequest, false, Submits.Uncertain },
        { 418, "", KlingErrorId.InvalidRequest, false, Submits.Uncertain },
        { 422, Html, KlingErrorId.InvalidRequest, false, Submits.Uncertain },
        { 422, """{"detail":[{"msg":"field required"}]}""", KlingErrorId.InvalidRequest, false, Submits.Refused },
        { 424, Html, KlingErrorId.InvalidRequest, false, Submits.Uncertain },
        { 424, Gateway("", "a dependency failed"), KlingErrorId.InvalidRequest, false, Submits.Uncertain },
        { 424, Kling(1301), KlingErrorId.ContentRejected, false, Submits.Refused },
        { 425, "", KlingErrorId.InvalidRequest, false, Submits.Uncertain },
        { 460, "", KlingErrorId.InvalidRequest, false, Submits.Uncertain },
        { 499, Html, KlingErrorId.InvalidRequest, false, Submits.Uncertain },
        { 308, "{}", KlingErrorId.ProtocolError, false, Submits.Refused },
        { 200, Html, KlingErrorId.ProtocolError, true, Submits.Uncertain },
        { 200, "", KlingErrorId.ProtocolError, true, Submits.Uncertain },
        { 204, "", KlingErrorId.ProtocolError, true, Submits.Uncertain },
        { 200, "{\"code\":0,\"da", KlingErrorId.ProtocolError, true, Submits.Uncertain },
        { 200, "[]", KlingErrorId.ProtocolError, true, Submits.Uncertain },
        { 200, "{}", KlingErrorId.ProtocolError, true, Submits.Uncertain },
        { 200, """{"code":777,"message":"never heard of"}""", KlingErrorId.ProtocolError, true, Submits.Uncertain },
        { 200, """{"code":null,"message":"user quota is not enough"}""", KlingErrorId.QuotaExceeded, false, Submits.Refused },
        { 200, """{"code":null,"message":"user quota is not enough","data":{}}""", KlingErrorId.QuotaExceeded, false, Submits.Refused },
        { 200, """{"code":777,"message":"the load balancer lost its balance"}""", KlingErrorId.ProtocolError, true, Submits.Uncertain },
        { 408, "", KlingErrorId.ServerError, true, Submits.Uncertain },
        { 429, Kling(1302), KlingErrorId.RateLimited, true, Submits.Again },
        { 429, Kling(1303), KlingErrorId.RateLimited, true, Submits.Again },
        { 429, Gateway("", "Too many requests"), KlingErrorId.RateLimited, true, Submits.Again },
        { 429, Html, KlingErrorId.RateLimited, true, Submits.Again },
        { 429, "", KlingErrorId.RateLimited, true, Submits.Again },
        { 429, Kling(1100), KlingErrorId.QuotaExceeded, false, Submits.Refused },
        { 429, Kling(1101), KlingErrorId.QuotaExceeded, false, Submits.Refused },
        { 429, Kling(1102), KlingErrorId.QuotaExceeded, false, Submits.Refused },
        { 429, Kling(1304), KlingErrorId.PermissionDenied, false, Submits.Refused },
        { 429, Gateway("", "user quota is not enough"), KlingErrorId.QuotaExceeded, false, Submits.Refused },
        { 429, Gateway("rate_limit", "the quota of this minute is used up"), KlingErrorId.RateLimited, true, Submits.Again },
        { 500, Gateway("invalid_request", "image is required"), KlingErrorId.InvalidRequest, false, Submits.Refused },
        { 500, """{"error":{"message":"x","type":"invalid_request_error","code":""}}""", KlingErrorId.InvalidRequest, false, Submits.Refused },
        { 500, Gateway("", "panic"), KlingErrorId.ServerError, true, Submits.Uncertain },
        { 501, "", KlingErrorId.ServerError, false, Submits.Uncertain },
        { 502, Html, KlingErrorId.ServerError, true, Submits.Uncertain },
        { 503, Gateway("model_not_found", "no available channel"), KlingErrorId.ModelNotFound, false, Submits.Refused },
        { 503, Gateway("", "busy"), KlingErrorId.ServerError, true, Submits.Uncertain },
        { 504, Html, KlingErrorId.ServerError, true, Submits.Uncertain },
        { 524, Html, KlingErrorId.ServerError, true, Submits.Uncertain },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Row(int status, string body, KlingErrorId id, bool getRepeats, Submits submits) => Holds(status, body, id, id, getRepeats, submits);

    [Theory]
    [InlineData(1000, 1004, KlingErrorId.Unauthorized, false, Submits.Refused)]
    [InlineData(1100, 1102, KlingErrorId.QuotaExceeded, false, Submits.Refused)]
    [InlineData(1103, 1103, KlingErrorId.PermissionDenied, false, Submits.Refused)]
    [InlineData(1200, 1201, KlingErrorId.InvalidRequest, false, Submits.Refused)]
    [InlineData(1202, 1203, KlingErrorId.TaskNotFound, false, Submits.Refused)]
    [InlineData(1300, 1301, KlingErrorId.ContentRejected, false, Submits.Refused)]
    [InlineData(1302, 1303, KlingErrorId.RateLimited, true, Submits.Again)]
    [InlineData(1304, 1304, KlingErrorId.PermissionDenied, false, Submits.Refused)]
    [InlineData(5000, 5002, KlingErrorId.ServerError, true, Submits.Uncertain)]
    public void Klings_codes_mean_the_same_at_any_status_and_in_any_spelling(int first, int last, KlingErrorId id, bool getRepeats, Submits submits)
    {
        KlingErrorId ofSubmit = id == KlingErrorId.TaskNotFound ? KlingErrorId.ModelNotFound : id;
        for (int code = first; code <= last; code++)
        {
            foreach (int status in (int[])[200, 400, 401, 429, 500, 503])
            {
                string[] spellings = [Kling(code), $$"""{"code":"{{code}}"}""", $$"""{"code":{{code}}.0,"data":{} }""", $$"""{"error":{"code":{{code}} } }"""];
                Assert.All(spellings, body => Holds(status, body, id, ofSubmit, getRepeats, submits));
            }
        }
    }

    [Theory]
    [InlineData(200, """{"code":1303,"message":"limit","data":{"task_id":"t-1"}}""")]
    [InlineData(429, """{"error":{"message":"busy"},"data":{"task_id":"t-1"}}""")]
    [InlineData(500, """{"code":0,"data":{"task_id":"t-1","task_status":"submitted"}}""")]
    public void An_error_that_names_a_task_is_uncertain_and_tells_the_task(int status, string body)
    {
        ApiResult answer = Reading.Submit(status, body);
        Assert.Equal((KlingErrorId.SubmitUncertain, Creation.Uncertain, false), (answer.Error().Id, answer.Creation, answer.Repeatable));
        Assert.Equal("t-1", answer.Error().TaskId);
        Assert.Contains("t-1", answer.Error().Message, StringComparison.Ordinal);
        Assert.NotNull(answer.Error().AnswerBody);
    }

    [Fact]
    public void What_is_no_answer_of_the_API_points_at_the_address()
    {
        foreach (int status in (int[])[200, 301, 404])
        {
            Assert.Contains("BaseUri", Reading.Query(status, Html).Error().RecommendedAction, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("BaseUri", Reading.Query(403, Html).Error().RecommendedAction, StringComparison.Ordinal);
    }

    private static void Holds(int status, string body, KlingErrorId ofQuery, KlingErrorId ofSubmit, bool getRepeats, Submits submits)
    {
        ApiResult query = Reading.Query(status, body);
        Assert.Equal((ofQuery, getRepeats), (query.Error().Id, query.Repeatable));
        ApiResult submit = Reading.Submit(status, body);
        Assert.Equal(submits == Submits.Uncertain ? KlingErrorId.SubmitUncertain : ofSubmit, submit.Error().Id);
        Assert.Equal(submits == Submits.Uncertain ? Creation.Uncertain : Creation.NotCreated, submit.Creation);
        Assert.Equal(submits == Submits.Again, submit.Repeatable);
        Assert.Equal(status, submit.Error().HttpStatus);
    }

    private static string Kling(int code) => $$"""{"code":{{code}},"message":"m","request_id":"r"}""";

    private static string Gateway(string code, string message) =>
        $$"""{"error":{"message":"{{message}}","type":"comet_api_error","code":"{{code}}"} }""";
}
