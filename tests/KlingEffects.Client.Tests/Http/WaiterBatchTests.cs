using KlingEffects.Emulator.Recording;
using KlingEffects.Policies;
using KlingEffects.Waiting;

namespace KlingEffects.Tests.Http;

/// <summary>Waiting for many tasks at once, over real sockets, on a clock that passes by itself.</summary>
public sealed class WaiterBatchTests
{
    [Fact]
    public async Task A_thousand_tasks_are_waited_for_at_once()
    {
        const int Count = 1000;
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions
        {
            GenerationTime = TimeSpan.FromSeconds(320),
            GenerationSpread = TimeSpan.FromSeconds(60),
        });
        KlingTask[] tasks = AddTasks(scene, Count);

        Scene.Outcome outcome = await scene.WaitAsync(tasks);

        Assert.Empty(outcome.Errors);
        Assert.Equal(tasks.Select(static task => task.TaskId).Order(), outcome.Tasks.Select(static task => task.TaskId).Order());
        Assert.All(outcome.Tasks, static task => Assert.Equal((KlingTaskStatus.Succeed, 1), (task.Status, task.Videos.Count)));
        DateTimeOffset[] polls = [.. scene.Emulator.Requests.Select(static request => request.ArrivedAt)];
        int most = polls.GroupBy(static at => at.ToUnixTimeSeconds()).Max(static second => second.Count());
        Assert.InRange(most, 1, Policy.MostPollsPerSecond + 1); // a second that begins and ends with one holds one more
        Assert.True(scene.Emulator.Counters.QueriesInFlightMaximum <= new WaitOptions().ThrottleLimit);
        Assert.InRange(scene.Time.Passed.TotalSeconds, 320, 600);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_server_that_asks_for_quiet_is_left_alone_by_the_whole_batch(int status)
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromSeconds(30) });
        KlingTask[] tasks = AddTasks(scene, 50);
        scene.Emulator.Faults.Add(new Fault(Operation.Query, new AnswerStatus(status) { Headers = new Dictionary<string, string> { ["Retry-After"] = "60" } })
        {
            Skip = 60,
        });

        Scene.Outcome outcome = await scene.WaitAsync(tasks, new WaitOptions { ThrottleLimit = 1 });

        Assert.Equal((50, 0), (outcome.Tasks.Count, outcome.Errors.Count));
        RecordedRequest complaint = scene.Emulator.Requests[60];
        Assert.Equal(status, complaint.Status);
        Assert.True(scene.Emulator.Requests[61].ArrivedAt - complaint.ArrivedAt >= TimeSpan.FromSeconds(60));
        Assert.Contains(outcome.Notes, static note => note.EndsWith("Asking again.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_limit_the_pace_is_halved_and_rises_again()
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromSeconds(200) });
        KlingTask[] tasks = AddTasks(scene, 400);
        scene.Emulator.Faults.Add(new Fault(Operation.Query, new AnswerStatus(429)) { Skip = 20 });

        await scene.WaitAsync(tasks, new WaitOptions { ThrottleLimit = 1, MostPollsPerSecond = 20 });

        RecordedRequest[] requests = [.. scene.Emulator.Requests];
        double Pace(int from, int to) => (to - from) / (requests[to].ArrivedAt - requests[from].ArrivedAt).TotalSeconds;
        Assert.InRange(Pace(0, 20), 18, 21);
        Assert.InRange(Pace(21, 41), 9, 13);
        Assert.InRange(Pace(150, 200), 17, 21);
    }

    [Fact]
    public async Task One_tasks_failure_is_its_own()
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromSeconds(30) });
        KlingTask[] tasks = AddTasks(scene, 20);
        scene.Emulator.Faults.Add(new Fault(Operation.Query, new AnswerStatus(403)) { TaskId = tasks[3].TaskId, Times = Fault.Forever });
        scene.Emulator.Faults.Add(new Fault(Operation.Query, new AnswerStatus(500)) { TaskId = tasks[7].TaskId, Times = Fault.Forever });
        scene.Emulator.FindTask(tasks[11].TaskId)!.Fail("no");

        Scene.Outcome outcome = await scene.WaitAsync(tasks);

        Assert.Equal(18, outcome.Tasks.Count);
        Assert.Equal(
            [(tasks[3].TaskId, KlingErrorId.PermissionDenied), (tasks[7].TaskId, KlingErrorId.ServerError), (tasks[11].TaskId, KlingErrorId.TaskFailed)],
            outcome.Errors.Select(static error => (error.TaskId!, error.Id)).Order());
        Assert.InRange(scene.Time.Passed.TotalSeconds, 300, 360);
    }

    [Fact]
    public async Task A_server_that_recovers_within_five_minutes_costs_nothing()
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromSeconds(30) });
        KlingTask[] tasks = AddTasks(scene, 3);
        scene.Fails(Operation.Query, new AnswerStatus(502), times: 20);
        Scene.Outcome outcome = await scene.WaitAsync(tasks);
        Assert.Equal((3, 0), (outcome.Tasks.Count, outcome.Errors.Count));
    }

    [Fact]
    public async Task A_stop_ends_polls_that_are_under_way()
    {
        await using Scene scene = await Scene.StartAsync(shareClock: false);
        KlingTask[] tasks = AddTasks(scene, 5);
        scene.Fails(Operation.Query, null, Fault.Forever, TimeSpan.FromDays(1));
        using TaskWaiter waiter = TaskWaiter.Start(scene.Api, new WaitOptions { MostPollsPerSecond = double.PositiveInfinity });
        Array.ForEach(tasks, task => waiter.TryAdd(task));
        await scene.Emulator.WaitForAsync(static emulator => emulator.Requests.Count(static request => request.IsHeld) == 5, Scene.Cancellation);

        waiter.Cancel();
        await waiter.Completion.WaitAsync(TimeSpan.FromSeconds(60), Scene.Cancellation);

        await scene.Emulator.WaitForAsync(static emulator => emulator.Counters.InFlight == 0, Scene.Cancellation);
        Assert.False(await waiter.Records.WaitToReadAsync(Scene.Cancellation));
        Assert.True(waiter.IsDone);
    }

    private static KlingTask[] AddTasks(Scene scene, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ => scene.Emulator.AddTask(scene: "hug")).Select(static task =>
            new KlingTask { TaskId = task.Id, Scene = "hug", CreatedAt = task.CreatedAt, Status = KlingTaskStatus.Submitted }),
    ];
}
