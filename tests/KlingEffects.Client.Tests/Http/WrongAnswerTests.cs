using KlingEffects.Emulator.Recording;
using KlingEffects.Queries;
using KlingEffects.Waiting;

namespace KlingEffects.Tests.Http;

/// <summary>What a poll says wrongly between answers that were right ends no wait.</summary>
public sealed class WrongAnswerTests
{
    private const string Page = "<!DOCTYPE html><html><body>Just a moment...</body></html>";

    public static TheoryData<string, int, string> WrongAnswers => new()
    {
        { "KlingUnauthorized", 401, """{"error":{"message":"该令牌状态不可用","type":"new_api_error","code":""}}""" },
        { "KlingUnauthorized", 200, """{"code":1002,"message":"Authorization is invalid"}""" },
        { "KlingUnauthorized", 401, Page },
        { "KlingPermissionDenied", 403, Page },
        { "KlingPermissionDenied", 403, """{"code":1304,"message":"Trigger the platform's IP whitelisting policy"}""" },
        { "KlingInvalidRequest", 404, Page },
        { "KlingInvalidRequest", 404, """{"error":{"message":"Invalid URL (GET /kling/v1/videos)","type":"invalid_request_error"}}""" },
        { "KlingInvalidRequest", 400, """{"error":{"message":"bad request","code":"invalid_request"}}""" },
        { "KlingProtocolError", 302, "" },
        { "KlingProtocolError", 308, Page },
        { "KlingProtocolError", 200, Page },
        { "KlingProtocolError", 200, """{"code":"success","data":null}""" },
        { "KlingQuotaExceeded", 403, """{"code":null,"message":"user quota is not enough"}""" },
        { "KlingQuotaExceeded", 429, """{"code":"fail_to_fetch_task","message":"{\"code\":1102,\"message\":\"Account balance not enough\"}","data":null}""" },
        { "KlingModelNotFound", 503, """{"error":{"message":"no available channel","code":"model_not_found"}}""" },
        { "KlingContentRejected", 400, """{"code":1301,"message":"no"}""" },
        { "KlingTaskNotFound", 400, """{"code":"task_not_exist","message":"task_not_exist","data":null}""" },
        { "KlingServerError", 501, "" },
    };

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public async Task One_between_right_ones_is_asked_again(string id, int status, string body)
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromMinutes(5) });
        KlingTask task = await scene.SubmitAsync();
        scene.Emulator.Faults.Add(new Fault(Operation.Query, Answering(status, body)) { Skip = 2, Times = 2 });

        Scene.Outcome outcome = await scene.WaitAsync([task]);

        Assert.Empty(outcome.Errors);
        Assert.Equal((KlingTaskStatus.Succeed, 1), (Assert.Single(outcome.Tasks).Status, outcome.Tasks[0].Videos.Count));
        Assert.Empty(scene.Emulator.Faults.Waiting);
        Assert.NotEmpty(id);
    }

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public async Task One_that_stays_is_given_up_after_five_minutes_with_it_as_the_reason(string id, int status, string body)
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromHours(5) });
        KlingTask task = await scene.SubmitAsync();
        await scene.Time.Delay(TimeSpan.FromMinutes(2), Scene.Cancellation);
        DateTimeOffset begun = scene.Time.GetUtcNow();
        scene.Emulator.Faults.Add(new Fault(Operation.Query, Answering(status, body)) { Skip = 1, Times = Fault.Forever });

        Scene.Outcome outcome = await scene.WaitAsync([task]);

        KlingException error = Assert.Single(outcome.Errors);
        Assert.Equal((id, task.TaskId), (error.ErrorId, error.TaskId));
        Assert.StartsWith($"{task.Title}: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("submit", error.RecommendedAction, StringComparison.OrdinalIgnoreCase);
        Assert.InRange((scene.Time.GetUtcNow() - begun).TotalMinutes, 5, 10);
        Assert.InRange(scene.Queries, 8, 30);
    }

    [Theory]
    [InlineData(401, KlingErrorId.Unauthorized)]
    [InlineData(403, KlingErrorId.PermissionDenied)]
    [InlineData(302, KlingErrorId.ProtocolError)]
    [InlineData(400, KlingErrorId.InvalidRequest)]
    public async Task On_the_very_first_poll_it_is_the_end(int status, KlingErrorId id)
    {
        await using Scene scene = await Scene.StartAsync();
        KlingTask task = new() { TaskId = scene.Emulator.AddTask().Id };
        scene.Fails(Operation.Query, Answering(status, ""), Fault.Forever);
        Scene.Outcome outcome = await scene.WaitAsync([task]);
        Assert.Equal((id, 1), (Assert.Single(outcome.Errors).Id, scene.Queries));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(302)]
    [InlineData(304)]
    public async Task A_submit_that_was_accepted_is_as_good_as_a_poll(int status)
    {
        await using Scene scene = await Scene.StartAsync();
        KlingTask task = await scene.SubmitAsync();
        scene.Fails(Operation.Query, Answering(status, status == 304 ? "" : "<html>no answer of the API</html>"));
        Scene.Outcome outcome = await scene.WaitAsync([task]);
        Assert.Empty(outcome.Errors);
        Assert.Single(outcome.Tasks);
    }

    [Fact]
    public async Task A_good_poll_of_another_task_of_the_batch_is_as_good()
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromMinutes(2) });
        KlingTask first = new() { TaskId = scene.Emulator.AddTask().Id };
        KlingTask second = new() { TaskId = scene.Emulator.AddTask().Id };
        scene.Emulator.Faults.Add(new Fault(Operation.Query, Answering(401, "")) { TaskId = second.TaskId, Times = 3 });
        Scene.Outcome outcome = await scene.WaitAsync([first, second], new WaitOptions { ThrottleLimit = 1, PollInterval = TimeSpan.FromSeconds(5) });
        Assert.Empty(outcome.Errors);
        Assert.Equal(2, outcome.Tasks.Count);
    }

    [Fact]
    public async Task An_id_that_is_not_there_is_about_the_task_itself()
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromMinutes(2) });
        KlingTask known = new() { TaskId = scene.Emulator.AddTask().Id };
        Scene.Outcome outcome = await scene.WaitAsync([known, new KlingTask { TaskId = "4711" }], new WaitOptions { ThrottleLimit = 1 });
        Assert.Equal((KlingErrorId.TaskNotFound, "4711"), (Assert.Single(outcome.Errors).Id, outcome.Errors[0].TaskId));
        Assert.Single(scene.Emulator.Requests, static request => request.Path.EndsWith("4711", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_proxy_that_wants_a_login_is_asked_once()
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromHours(1) });
        KlingTask task = await scene.SubmitAsync();
        scene.Emulator.Faults.Add(new Fault(Operation.Query, Answering(407, "")) { Skip = 2, Times = Fault.Forever });
        Scene.Outcome outcome = await scene.WaitAsync([task]);
        Assert.Equal((1, 3), (outcome.Errors.Count, scene.Queries));
    }

    [Fact]
    public async Task A_wait_for_the_URL_of_a_saved_task_outlives_a_wrong_answer_too()
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Fails(Operation.Submit, new SucceedWithoutUrl(TimeSpan.FromSeconds(60)));
        KlingTask task = await scene.SubmitAsync();
        await scene.Time.Delay(TimeSpan.FromMinutes(1), Scene.Cancellation);
        scene.Emulator.Faults.Add(new Fault(Operation.Query, Answering(401, "")) { Skip = 1, Times = 2 });
        Assert.Single((await TaskQuery.AskForVideosAsync(scene.Api, task, Scene.Cancellation)).Videos);
    }

    [Fact]
    public async Task A_timeout_tells_the_servers_own_last_word_and_message()
    {
        await using Scene scene = await Scene.StartAsync();
        KlingTask task = await scene.SubmitAsync();
        scene.Fails(
            Operation.Query,
            Answering(200, """{"code":0,"data":{"task_id":"{task_id}","task_status":"throttled","task_status_msg":"waiting for capacity"}}"""),
            Fault.Forever);
        Scene.Outcome outcome = await scene.WaitAsync([task], new WaitOptions { Timeout = TimeSpan.FromSeconds(20) });
        KlingException error = Assert.Single(outcome.Errors);
        Assert.Equal(KlingErrorId.WaitTimeout, error.Id);
        Assert.Equal(
            $"{task.Title} has not ended within 20 s; it was Processing when last seen (the API's word: 'throttled'), with the message: waiting for capacity. It goes on.",
            error.Message);
    }

    [Fact]
    public async Task A_word_of_refusal_ends_the_wait_at_once()
    {
        await using Scene scene = await Scene.StartAsync();
        KlingTask task = await scene.SubmitAsync();
        scene.Fails(Operation.Query, Answering(200, """{"code":0,"request_id":"r-1","data":{"task_id":"{task_id}","task_status":"rejected"}}"""), Fault.Forever);
        Scene.Outcome outcome = await scene.WaitAsync([task]);
        KlingException error = Assert.Single(outcome.Errors);
        Assert.Equal((KlingErrorId.TaskFailed, task.TaskId, "r-1", 1), (error.Id, error.TaskId, error.RequestId, scene.Queries));
        Assert.Equal(KlingTaskStatus.Failed, Assert.Single(outcome.Tasks).Status);
    }

    [Fact]
    public void A_failure_without_a_reason_has_the_ids_for_the_support_and_speaks_of_no_reason()
    {
        KlingException error = TaskOutcome.FailureOf(new KlingTask { TaskId = "t-1", Status = KlingTaskStatus.Failed, RequestId = "r-1" })!;
        Assert.Equal("Task t-1 failed: the API gave no reason (request id: r-1).", error.Message);
        Assert.Equal(("t-1", "r-1"), (error.TaskId, error.RequestId));
        Assert.Contains("support", error.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)reason|submit|pay|anew", error.RecommendedAction);
    }

    // No error about a task that is there, or may be, sends its user to pay for it again.
    [Theory]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(403)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(200)]
    public async Task No_advice_about_a_task_that_goes_on_is_to_run_the_command_again(int status)
    {
        await using Scene scene = await Scene.StartAsync();
        KlingTask task = await scene.SubmitAsync();
        scene.Fails(Operation.Query, Answering(status, ""), Fault.Forever);
        KlingException error = Assert.Single((await scene.WaitAsync([task])).Errors);
        Assert.DoesNotMatch("(?i)same command|submit|pay ", error.RecommendedAction);
    }

    private static AnswerStatus Answering(int status, string body) => new(status)
    {
        Body = body,
        ContentType = body.StartsWith('<') ? "text/html" : "application/json",
        Headers = status is >= 300 and < 400 ? new Dictionary<string, string> { ["Location"] = "https://elsewhere.example/" } : [],
    };
}
