using System.Net;
using System.Net.Sockets;

namespace KlingEffects.Emulator.Tests;

/// <summary>Each fault does what it says, to the requests it is meant for.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task A_status_is_answered_and_nothing_is_created()
    {
        await using Lab lab = await Lab.StartAsync();
        lab.Emulator.Faults.Add(new Fault(Operation.Submit, new AnswerStatus(429)
        {
            Body = """{"code":1102,"message":"Account balance not enough"}""",
            Headers = new Dictionary<string, string> { ["Retry-After"] = "7" },
        }));
        Reply reply = await lab.SubmitAsync();
        Assert.Equal((HttpStatusCode.TooManyRequests, 1102, TimeSpan.FromSeconds(7)), (reply.Status, reply.Code, reply.Headers.RetryAfter!.Delta!.Value));
        Assert.Empty(lab.Emulator.Tasks);
        await lab.SubmittedAsync();
    }

    [Theory]
    [InlineData(504, "text/html")]
    [InlineData(503, "application/json")]
    [InlineData(429, "application/json")]
    public async Task A_status_without_a_body_gets_the_usual_one(int status, string contentType)
    {
        await using Lab lab = await Lab.StartAsync();
        lab.Emulator.Faults.Add(new Fault(Operation.Query, new AnswerStatus(status)));
        Reply reply = await lab.QueryAsync("1");
        Assert.Equal((status, contentType), ((int)reply.Status, reply.ContentHeaders.ContentType?.MediaType));
    }

    [Fact]
    public async Task An_accepted_submit_may_answer_something_else()
    {
        await using Lab lab = await Lab.StartAsync();
        lab.Emulator.Faults.Add(new Fault(Operation.Submit, new AcceptThenStatus(504)));
        lab.Emulator.Faults.Add(new Fault(Operation.Submit, new AcceptThenStatus(200) { Body = """{"code":0,"data":{"task_id":"{task_id}"}}""" }));
        Assert.Equal(HttpStatusCode.GatewayTimeout, (await lab.SubmitAsync()).Status);
        Reply raw = await lab.SubmitAsync();
        Assert.Equal(2, lab.Emulator.Tasks.Count);
        Assert.Equal(lab.Emulator.Tasks[1].Id, (string)raw.Json["data"]!["task_id"]!);
    }

    [Fact]
    public async Task A_body_of_ones_own_may_name_the_task_and_its_video()
    {
        await using Lab lab = await Lab.StartAsync();
        (string id, _) = await lab.VideoAsync();
        lab.Emulator.Faults.Add(new Fault(Operation.Query, new AnswerStatus(200)
        {
            Body = """{"code":"success","data":{"task_id":"{task_id}","status":"SUCCESS","result_url":"{video_url}"}}""",
        }));
        var answer = await lab.TaskAsync(id);
        Assert.Equal(id, (string)answer["task_id"]!);
        Assert.Equal(lab.BytesOf(id), (await lab.GetAsync((string)answer["result_url"]!)).Bytes);
    }

    [Fact]
    public async Task A_reset_before_creates_nothing_and_one_after_does()
    {
        await using Lab lab = await Lab.StartAsync();
        foreach (FaultEffect effect in new FaultEffect[] { new ResetBefore(), new ResetAfter() })
        {
            lab.Emulator.Faults.Add(new Fault(Operation.Submit, effect));
            HttpRequestException failure = await Assert.ThrowsAsync<HttpRequestException>(() => lab.SubmitAsync());
            Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(failure.GetBaseException()).SocketErrorCode);
        }

        Assert.Single(lab.Emulator.Tasks);
        Assert.All(lab.Emulator.Requests, request => Assert.True(request.WasReset && request.Status is null));
        Assert.Equal([null, lab.Emulator.Tasks[0].Id], lab.Emulator.Requests.Select(request => request.TaskId));
        Assert.Equal(0, lab.Emulator.Requests[0].BodyLength);
    }

    [Fact]
    public async Task A_delay_is_counted_by_the_clock()
    {
        await using Lab lab = await Lab.StartAsync(new EmulatorOptions { Latency = TimeSpan.FromSeconds(1) });
        lab.Emulator.Faults.Add(new Fault(Operation.Submit) { Delay = TimeSpan.FromSeconds(9) });
        Task<Reply> submit = lab.SubmitAsync();
        await lab.Emulator.WaitForAsync(emulator => emulator.Requests is [{ IsHeld: true }], Lab.Cancellation);
        Assert.Single(lab.Emulator.Tasks);
        lab.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(submit.IsCompleted);
        Assert.Null(lab.Emulator.Requests[0].Status);
        lab.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await submit).Status);
    }

    [Fact]
    public async Task A_task_may_fail_never_end_or_hide_its_video()
    {
        await using Lab lab = await Lab.StartAsync();
        lab.Emulator.Faults.Add(new Fault(Operation.Submit, new FailTask("Risk control")) { ExternalTaskId = "fails" });
        lab.Emulator.Faults.Add(new Fault(Operation.Submit, new NeverEnds()) { ExternalTaskId = "endless" });
        lab.Emulator.Faults.Add(new Fault(Operation.Submit, new SucceedWithoutUrl(TimeSpan.FromMinutes(2))) { ExternalTaskId = "late" });
        foreach (string name in (string[])["fails", "endless", "late"])
        {
            await lab.SubmittedAsync(Lab.Single(externalId: name));
        }

        lab.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(("failed", "Risk control"), ((string)(await lab.TaskAsync("fails"))["task_status"]!, (string)(await lab.TaskAsync("fails"))["task_status_msg"]!));
        Assert.Equal(("succeed", 0), ((string)(await lab.TaskAsync("late"))["task_status"]!, (await lab.TaskAsync("late"))["task_result"]!.AsObject().Count));
        lab.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("processing", (string)(await lab.TaskAsync("endless"))["task_status"]!);
        Assert.Single((await lab.TaskAsync("late"))["task_result"]!["videos"]!.AsArray());
        lab.Emulator.FindTask(lab.Emulator.Tasks[1].Id)!.Succeed();
        Assert.Equal("succeed", (string)(await lab.TaskAsync("endless"))["task_status"]!);
    }

    [Fact]
    public async Task A_fault_strikes_whom_it_is_meant_for_as_often_as_it_says()
    {
        await using Lab lab = await Lab.StartAsync();
        lab.Emulator.Faults.Add(new Fault(Operation.Submit, new AnswerStatus(503)) { Scene = "hug", Skip = 1, Times = 2 });
        List<HttpStatusCode> answers = [];
        for (int round = 0; round < 5; round++)
        {
            answers.Add((await lab.SubmitAsync()).Status);
            Assert.Equal(HttpStatusCode.OK, (await lab.SubmitAsync(Lab.Single())).Status);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK, HttpStatusCode.OK], answers);
        Assert.Empty(lab.Emulator.Faults.Waiting);
        Assert.Equal(2, lab.Emulator.Faults.Struck);
    }

    [Fact]
    public async Task The_first_fault_added_strikes_even_if_a_later_one_could_strike_sooner()
    {
        await using Lab lab = await Lab.StartAsync();
        lab.Emulator.Faults.Add(new Fault(Operation.Submit, new AnswerStatus(500)) { Scene = "hug" });
        lab.Emulator.Faults.Add(new Fault(Operation.Submit, new ResetBefore()) { Skip = 1 });
        Assert.Equal(HttpStatusCode.InternalServerError, (await lab.SubmitAsync()).Status);
        await lab.SubmittedAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => lab.SubmitAsync());
    }

    [Fact]
    public async Task A_fault_may_strike_by_chance_and_for_ever()
    {
        await using Lab lab = await Lab.StartAsync(new EmulatorOptions { Seed = 42 });
        lab.Emulator.Faults.Add(new Fault(Operation.Any, new AnswerStatus(500)) { Probability = 0.3, Times = Fault.Forever });
        for (int round = 0; round < 200; round++)
        {
            await lab.QueryAsync("1");
        }

        Assert.InRange(lab.Emulator.Faults.Struck, 40, 80);
        Assert.Single(lab.Emulator.Faults.Waiting);
        lab.Emulator.Faults.Clear();
        Assert.Empty(lab.Emulator.Faults.Waiting);
    }
}
