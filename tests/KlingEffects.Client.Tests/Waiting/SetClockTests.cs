using System.Globalization;
using KlingEffects.Api;
using KlingEffects.Emulator.Recording;
using KlingEffects.Queries;
using KlingEffects.Tests.Http;
using KlingEffects.Waiting;

namespace KlingEffects.Tests.Waiting;

/// <summary>Clocks that are set in the midst, and clocks that are off against the server's.</summary>
public sealed class SetClockTests
{
    private static readonly TimeSpan Generation = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(-2000)]
    [InlineData(50000)]
    public async Task A_clock_that_is_set_in_the_midst_changes_nothing_of_a_wait(double hours)
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = Generation });
        List<KlingTask> tasks = [];
        for (int job = 1; job <= 3; job++)
        {
            tasks.Add(await scene.SubmitAsync(Scene.Job(job)));
        }

        await using ITimer change = scene.Time.ForServer().CreateTimer(_ => scene.Time.Set = TimeSpan.FromHours(hours), null, TimeSpan.FromMinutes(2), Timeout.InfiniteTimeSpan);
        Scene.Outcome outcome = await scene.WaitAsync(tasks);
        Assert.Empty(outcome.Errors);
        Assert.Equal(3, outcome.Tasks.Count);
        Assert.InRange(scene.Time.Passed.TotalSeconds, 300, 420);
        Assert.InRange(scene.Queries, 30, 150);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Nor_of_its_end(double hours)
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromDays(1) });
        KlingTask task = await scene.SubmitAsync();
        await using ITimer change = scene.Time.ForServer().CreateTimer(_ => scene.Time.Set = TimeSpan.FromHours(hours), null, TimeSpan.FromMinutes(2), Timeout.InfiniteTimeSpan);
        Scene.Outcome outcome = await scene.WaitAsync([task], new WaitOptions { Timeout = TimeSpan.FromMinutes(10) });
        Assert.Equal(KlingErrorId.WaitTimeout, Assert.Single(outcome.Errors).Id);
        Assert.InRange(scene.Time.Passed.TotalSeconds, 600, 620);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(30)]
    public async Task A_clock_that_is_off_tells_the_same_age_of_a_task(double hours)
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = Generation });
        scene.Time.Set = TimeSpan.FromHours(hours);
        DateTimeOffset here = scene.Time.GetUtcNow();
        string id = scene.Emulator.AddTask().Id;
        KlingTask task = await TaskQuery.AskAsync(scene.Api, id, new KlingTask { TaskId = id }, Scene.Cancellation);
        Assert.InRange((task.CreatedHere!.Value - here).TotalSeconds, -2, 2);
        Assert.InRange((task.CreatedAt!.Value - here).TotalHours, -hours - 0.01, -hours + 0.01);
        Assert.Equal(task.CreatedHere, task.MergedWith(new KlingTask()).CreatedHere);
        Assert.Equal(task.CreatedHere, new KlingTask().MergedWith(task).CreatedHere);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_task_that_is_not_found_at_once_is_new_whatever_the_clock_is_set_to(double hours)
    {
        await using Scene scene = await Scene.StartAsync();
        KlingTask task = await scene.SubmitAsync();
        scene.Time.Set = TimeSpan.FromHours(hours);
        scene.Fails(Operation.Query, new AnswerStatus(404) { Body = """{"code":1203,"message":"task not found"}""" });
        KlingTask found = await TaskQuery.AskAsync(scene.Api, task.TaskId, task, Scene.Cancellation);
        Assert.Equal(task.TaskId, found.TaskId);
    }

    [Theory]
    [InlineData(24, 24)]
    [InlineData(25, null)]
    [InlineData(100_000, null)]
    public void A_limit_that_no_timer_has_is_none(int days, int? limit)
    {
        Assert.Equal(limit, new WaitOptions { Timeout = TimeSpan.FromDays(days) }.Timeout?.Days);
        Assert.Equal(limit, SubmitOptions.For(TimeSpan.FromDays(days)).Timeout?.Days);
    }

    [Fact]
    public void No_time_of_a_server_is_too_odd()
    {
        DateTimeOffset now = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(TimeSpan.FromHours(1), ServerClock.Ahead(now.AddMinutes(59), TimeSpan.FromMinutes(1), now));
        Assert.All((DateTimeOffset?[])[null, DateTimeOffset.MinValue, DateTimeOffset.MaxValue], date => Assert.Null(ServerClock.Ahead(date, null, now)));
        Assert.All((int[])[1, -1], second => Assert.Equal(TimeSpan.Zero, ServerClock.Ahead(now.AddSeconds(second), null, now)));
        // Our own clock may be years behind, as after a start without a battery.
        Assert.Equal(TimeSpan.FromDays(4000), ServerClock.Ahead(now, null, now.AddDays(-4000)));

        Assert.Equal(DateTimeOffset.MaxValue, ServerClock.ToLocal(DateTimeOffset.MaxValue, TimeSpan.FromHours(-1)));
        Assert.Equal(DateTimeOffset.MinValue, ServerClock.ToLocal(DateTimeOffset.MinValue, TimeSpan.FromHours(1)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_date_to_come_back_at_is_read_against_the_servers_own(double hours)
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { DateOffset = TimeSpan.FromHours(hours) }, shareClock: false);
        DateTimeOffset then = TimeProvider.System.GetUtcNow().AddHours(hours).AddSeconds(10);
        scene.Fails(Operation.Query, new AnswerStatus(503) { Headers = new Dictionary<string, string> { ["Retry-After"] = then.ToString("R", CultureInfo.InvariantCulture) } });
        string id = scene.Emulator.AddTask().Id;
        await scene.Client.GetTaskAsync(id, cancellationToken: Scene.Cancellation);
        Assert.InRange(scene.Time.Passed.TotalSeconds, 8, 12);
    }

    [Fact]
    public async Task A_list_that_ignores_its_page_ends()
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { Gateway = Gateway.Kling, ListIgnoresPage = true });
        for (int task = 0; task < 501; task++)
        {
            scene.Emulator.AddTask();
        }

        List<string> seen = [];
        await foreach (KlingTask task in AccountQuery.TasksAsync(scene.Api, "effects", Scene.Cancellation))
        {
            seen.Add(task.TaskId);
        }

        Assert.Equal((500, 500, 2), (seen.Count, seen.Distinct().Count(), scene.Way.Requests));
    }
}
