using KlingEffects.Batches;
using KlingEffects.Emulator.Recording;
using KlingEffects.Waiting;

namespace KlingEffects.Tests.Http;

/// <summary>Waiting for tasks through faults, over real sockets, on a clock that passes by itself.</summary>
public sealed class WaiterTests
{
    [Theory]
    [InlineData(AnswerShape.Flat)]
    [InlineData(AnswerShape.Wrapper)]
    [InlineData(AnswerShape.WrapperNested)]
    [InlineData(AnswerShape.WrapperResultUrl)]
    [InlineData(AnswerShape.Simple)]
    [InlineData(AnswerShape.NewStandard)]
    [InlineData(AnswerShape.OpenAi)]
    [InlineData(AnswerShape.Camel)]
    public async Task Every_dialect_is_waited_out(AnswerShape shape)
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { AnswerShape = shape, GenerationTime = TimeSpan.FromMinutes(5) });
        KlingTask good = await scene.SubmitAsync();
        scene.Fails(Operation.Submit, new FailTask("Image pixel is invalid"));
        KlingTask bad = await scene.SubmitAsync(Scene.Job(2));

        Scene.Outcome outcome = await scene.WaitAsync([good, bad]);

        KlingTask ended = outcome.Tasks.Single(task => task.TaskId == good.TaskId);
        Assert.Equal((KlingTaskStatus.Succeed, "hug", "job-1"), (ended.Status, ended.Scene, ended.ExternalTaskId));
        Assert.StartsWith(scene.Emulator.VideoBaseUri.AbsoluteUri, Assert.Single(ended.Videos).Url, StringComparison.Ordinal);
        KlingException error = Assert.Single(outcome.Errors);
        Assert.Equal((KlingErrorId.TaskFailed, bad.TaskId), (error.Id, error.TaskId));
        Assert.Equal($"{bad.Title} failed: Image pixel is invalid.", error.Message);
        Assert.Equal(KlingTaskStatus.Failed, Assert.IsType<KlingTask>(error.Target).Status);
        Assert.InRange(scene.Time.Passed.TotalSeconds, 300, 420);
    }

    [Fact]
    public async Task A_task_that_is_not_known_yet_is_asked_for_again_within_a_minute()
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromSeconds(40) });
        KlingTask task = await scene.SubmitAsync();
        scene.Fails(Operation.Query, NotThere, times: 3);
        Scene.Outcome outcome = await scene.WaitAsync([task]);
        Assert.Equal(KlingTaskStatus.Succeed, Assert.Single(outcome.Tasks).Status);
        Assert.Empty(outcome.Errors);
        Assert.True(scene.Emulator.Faults.Waiting.Count == 0);
    }

    [Fact]
    public async Task A_task_that_stays_unknown_is_an_error_after_a_minute()
    {
        await using Scene scene = await Scene.StartAsync();
        KlingTask task = await scene.SubmitAsync();
        scene.Fails(Operation.Query, NotThere, Fault.Forever);
        Scene.Outcome outcome = await scene.WaitAsync([task]);
        Assert.Equal(KlingErrorId.TaskNotFound, Assert.Single(outcome.Errors).Id);
        Assert.InRange(scene.Time.Passed.TotalSeconds, 60, 65);
    }

    [Fact]
    public async Task An_id_that_this_process_did_not_submit_is_unknown_at_once()
    {
        await using Scene scene = await Scene.StartAsync();
        Scene.Outcome outcome = await scene.WaitAsync([new KlingTask { TaskId = "4711" }]);
        Assert.Equal((KlingErrorId.TaskNotFound, "4711"), (Assert.Single(outcome.Errors).Id, outcome.Errors[0].TaskId));
        Assert.Equal(1, scene.Queries);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    public async Task What_can_be_no_id_is_an_error_and_no_request(string id)
    {
        await using Scene scene = await Scene.StartAsync();
        Scene.Outcome outcome = await scene.WaitAsync([new KlingTask { TaskId = id }, new KlingTask { TaskId = "x", Kind = ".." }]);
        Assert.All(outcome.Errors, static error => Assert.Equal(KlingErrorId.InvalidRequest, error.Id));
        Assert.Equal((2, 0), (outcome.Errors.Count, scene.Way.Requests));
    }

    [Fact]
    public async Task A_URL_may_come_up_to_two_minutes_after_the_end()
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Fails(Operation.Submit, new SucceedWithoutUrl(TimeSpan.FromSeconds(110)));
        KlingTask task = await scene.SubmitAsync();
        Scene.Outcome outcome = await scene.WaitAsync([task]);
        Assert.Single(Assert.Single(outcome.Tasks).Videos);
        Assert.Empty(outcome.Errors);
        Assert.InRange(scene.Time.Passed.TotalSeconds, 110, 125);
    }

    [Fact]
    public async Task A_URL_that_never_comes_is_an_error_and_the_task_comes_out()
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Fails(Operation.Submit, new SucceedWithoutUrl(TimeSpan.FromDays(1)));
        KlingTask task = await scene.SubmitAsync();
        Scene.Outcome outcome = await scene.WaitAsync([task]);
        Assert.Equal(KlingErrorId.NoVideo, Assert.Single(outcome.Errors).Id);
        Assert.Equal(KlingTaskStatus.Succeed, Assert.Single(outcome.Tasks).Status);
        Assert.InRange(scene.Time.Passed.TotalSeconds, 120, 140);
    }

    [Fact]
    public async Task A_timeout_is_no_failure_of_the_task()
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromMinutes(5) });
        KlingTask task = await scene.SubmitAsync();
        Scene.Outcome outcome = await scene.WaitAsync([task], new WaitOptions { Timeout = TimeSpan.FromSeconds(90) });
        Assert.Empty(outcome.Tasks);
        KlingException error = Assert.Single(outcome.Errors);
        Assert.Equal((KlingErrorId.WaitTimeout, task.TaskId), (error.Id, error.TaskId));
        Assert.Equal(KlingTaskStatus.Processing, Assert.IsType<KlingTask>(error.Target).Status);
        Assert.InRange(scene.Time.Passed.TotalSeconds, 90, 91);

        outcome = await scene.WaitAsync([(KlingTask)error.Target], new WaitOptions { Timeout = null });
        Assert.Equal(KlingTaskStatus.Succeed, Assert.Single(outcome.Tasks).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1.0)]
    public async Task A_timeout_is_kept_although_the_server_asks_for_quiet(double? interval)
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromHours(5) });
        KlingTask[] tasks = [await scene.SubmitAsync(Scene.Job(1)), await scene.SubmitAsync(Scene.Job(2)), await scene.SubmitAsync(Scene.Job(3))];
        DateTimeOffset begun = scene.Time.GetUtcNow();
        scene.Fails(Operation.Query, new AnswerStatus(429) { Headers = new Dictionary<string, string> { ["Retry-After"] = "600" } }, Fault.Forever);
        Scene.Outcome outcome = await scene.WaitAsync(tasks, new WaitOptions
        {
            Timeout = TimeSpan.FromSeconds(30),
            PollInterval = interval is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        });
        Assert.Equal(3, outcome.Errors.Count);
        Assert.All(outcome.Errors, static error => Assert.Equal(KlingErrorId.WaitTimeout, error.Id));
        Assert.InRange((scene.Time.GetUtcNow() - begun).TotalSeconds, 30, 36);
    }

    [Fact]
    public async Task Every_task_is_asked_for_once_more_however_late_the_waiter_itself_is()
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.Zero });
        KlingTask[] tasks = [.. Enumerable.Range(0, 260).Select(_ => new KlingTask { TaskId = scene.Emulator.AddTask().Id })];
        Scene.Outcome outcome = await scene.WaitAsync(tasks, new WaitOptions { Timeout = TimeSpan.FromSeconds(2) });
        Assert.Empty(outcome.Errors);
        Assert.Equal(260, outcome.Tasks.Count);
    }

    [Fact]
    public async Task Every_task_is_asked_for_once_more_however_slowly_its_records_are_taken()
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.Zero });
        using TaskWaiter waiter = TaskWaiter.Start(scene.Api, new WaitOptions { Timeout = TimeSpan.FromSeconds(2), ThrottleLimit = 1 });
        for (int i = 0; i < 100; i++)
        {
            waiter.TryAdd(new KlingTask { TaskId = scene.Emulator.AddTask().Id });
        }

        waiter.Complete();
        await scene.Emulator.WaitForAsync(static emulator => emulator.Counters.Queries >= 8, Scene.Cancellation);
        await scene.Time.Delay(TimeSpan.FromMinutes(5), Scene.Cancellation);
        Scene.Outcome outcome = new();
        await foreach (StageRecord record in waiter.Records.ReadAllAsync(Scene.Cancellation))
        {
            outcome.Add(record);
        }

        Assert.Empty(outcome.Errors);
        Assert.Equal(100, outcome.Tasks.Count);
    }

    [Fact]
    public async Task A_timeout_is_kept_although_the_polls_come_slowly()
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromHours(5) });
        KlingTask[] tasks = [.. Enumerable.Range(0, 60).Select(_ => new KlingTask { TaskId = scene.Emulator.AddTask().Id })];
        DateTimeOffset begun = scene.Time.GetUtcNow();
        scene.Fails(Operation.Query, new AnswerStatus(429), Fault.Forever);
        Scene.Outcome outcome = await scene.WaitAsync(tasks, new WaitOptions { Timeout = TimeSpan.FromSeconds(10) });
        Assert.Equal(60, outcome.Errors.Count);
        Assert.InRange((scene.Time.GetUtcNow() - begun).TotalSeconds, 10, 60);
    }

    [Fact]
    public async Task A_failed_task_is_reported_once_in_a_pipeline()
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Fails(Operation.Submit, new FailTask("no"));
        KlingTask task = await scene.SubmitAsync();
        Scene.Outcome first = await scene.WaitAsync([task]);
        Scene.Outcome second = await scene.WaitAsync(first.Tasks);
        Assert.Single(first.Errors);
        Assert.Empty(second.Errors);
        Assert.Same(first.Tasks[0], Assert.Single(second.Tasks));
        Assert.Single((await scene.WaitAsync([task.Restart()])).Errors);
    }

    private static AnswerStatus NotThere => new(400) { Body = """{"code":"task_not_exist","message":"task_not_exist","data":null}""" };
}
