using System.Net;
using System.Text.Json.Nodes;

namespace KlingEffects.Emulator.Tests;

/// <summary>Tasks follow the clock, the account's limits, and whoever steers them.</summary>
public sealed class TaskLifeTests
{
    [Fact]
    public async Task A_task_changes_exactly_when_its_time_has_come()
    {
        await using Lab lab = await Lab.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromSeconds(320), SubmittedTime = TimeSpan.FromSeconds(20) });
        DateTimeOffset start = lab.Time.GetUtcNow();
        EmulatedTask task = lab.Emulator.FindTask(await lab.SubmittedAsync())!;
        lab.Time.Advance(TimeSpan.FromSeconds(20) - TimeSpan.FromTicks(1));
        Assert.Equal((TaskState.Submitted, start), (task.State, task.UpdatedAt));
        lab.Time.Advance(TimeSpan.FromTicks(1));
        await lab.TaskAsync(task.Id);
        Assert.Equal((TaskState.Processing, start.AddSeconds(20)), (task.State, task.UpdatedAt));
        lab.Time.Advance(TimeSpan.FromSeconds(1000));
        Assert.Equal((TaskState.Succeed, start.AddSeconds(320)), (task.State, task.EndedAt));
    }

    [Fact]
    public async Task Generation_times_spread_and_differ_by_scene()
    {
        await using Lab lab = await Lab.StartAsync(new EmulatorOptions
        {
            GenerationTime = TimeSpan.FromSeconds(320),
            GenerationSpread = TimeSpan.FromSeconds(60),
            GenerationTimes = new Dictionary<string, TimeSpan> { ["fast"] = TimeSpan.FromSeconds(100) },
        });
        var slow = Enumerable.Range(0, 200).Select(_ => lab.Emulator.AddTask()).ToList();
        EmulatedTask fast = lab.Emulator.AddTask(scene: "fast");
        lab.Time.Advance(TimeSpan.FromSeconds(381));
        var seconds = slow.ConvertAll(task => (task.EndedAt!.Value - task.CreatedAt).TotalSeconds);
        Assert.All(seconds, value => Assert.InRange(value, 260, 380));
        Assert.InRange(seconds.Min(), 260, 275);
        Assert.InRange(seconds.Max(), 365, 380);
        Assert.InRange((fast.EndedAt!.Value - fast.CreatedAt).TotalSeconds, 40, 160);
    }

    [Fact]
    public async Task Above_the_parallel_limit_nothing_is_created()
    {
        await using Lab lab = await Lab.StartAsync(new EmulatorOptions { ParallelLimit = 2 });
        string first = await lab.SubmittedAsync();
        await lab.SubmittedAsync();
        Reply full = await lab.SubmitAsync();
        Assert.Equal((HttpStatusCode.TooManyRequests, 1303), (full.Status, full.Code));
        Assert.Equal(2, lab.Emulator.Tasks.Count);

        lab.Emulator.FindTask(first)!.Fail("no more");
        await lab.SubmittedAsync();
        Assert.Equal((2, 2, 3, 4), (lab.Emulator.Counters.ActiveTasks, lab.Emulator.Counters.ActiveTasksMaximum, lab.Emulator.Counters.AcceptedSubmits, lab.Emulator.Counters.Submits));
        lab.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(0, lab.Emulator.Counters.ActiveTasks);
    }

    [Fact]
    public async Task Above_the_rate_limit_a_request_is_put_off()
    {
        await using Lab lab = await Lab.StartAsync(new EmulatorOptions { RateLimit = 3 });
        string id = await lab.SubmittedAsync();
        await lab.TaskAsync(id);
        await lab.TaskAsync(id);
        Reply fourth = await lab.QueryAsync(id);
        Assert.Equal((HttpStatusCode.TooManyRequests, 1302), (fourth.Status, fourth.Code));
        Assert.Equal(TimeSpan.FromSeconds(1), fourth.Headers.RetryAfter?.Delta);
        lab.Time.Advance(TimeSpan.FromSeconds(1));
        await lab.TaskAsync(id);
    }

    [Fact]
    public async Task A_task_is_found_by_its_own_kind_and_by_the_external_id()
    {
        await using Lab lab = await Lab.StartAsync();
        string id = await lab.SubmittedAsync(Lab.Single(externalId: "order/42"));
        Assert.Equal(id, (string)(await lab.TaskAsync("order/42"))["task_id"]!);
        Assert.Equal("order/42", (string)(await lab.TaskAsync(id))["task_info"]!["external_task_id"]!);
        EmulatedTask other = lab.Emulator.AddTask("image2video");
        Assert.Equal(HttpStatusCode.OK, (await lab.QueryAsync(other.Id, "image2video")).Status);

        lab.Emulator.Configure(options => options with { AnswersExternalId = false });
        foreach (Reply unknown in new[] { await lab.QueryAsync("order/42"), await lab.QueryAsync(other.Id), await lab.QueryAsync(id, "image2video") })
        {
            Assert.Equal(HttpStatusCode.BadRequest, unknown.Status);
            Assert.Equal("""{"code":"task_not_exist","message":"task_not_exist","data":null}""", unknown.Text);
        }
    }

    [Fact]
    public async Task Ids_may_look_like_base64()
    {
        await using Lab lab = await Lab.StartAsync(new EmulatorOptions { TaskIdStyle = TaskIdStyle.Base64Like });
        string id = await lab.SubmittedAsync();
        Assert.All("/+=", letter => Assert.Contains(letter, id));
        lab.Time.Advance(TimeSpan.FromSeconds(3));
        string url = (string)(await lab.TaskAsync(id))["task_result"]!["videos"]![0]!["url"]!;
        Assert.Equal(lab.BytesOf(id), (await lab.GetAsync(url)).Bytes);
    }

    [Fact]
    public async Task A_task_makes_as_many_videos_as_asked_for_each_its_own()
    {
        await using Lab lab = await Lab.StartAsync(new EmulatorOptions { VideosPerTask = 3, VideoSize = 20_000 });
        (string id, _) = await lab.VideoAsync();
        JsonArray videos = (JsonArray)(await lab.TaskAsync(id))["task_result"]!["videos"]!;
        var contents = await Task.WhenAll(videos.Select(video => lab.GetAsync((string)video!["url"]!)));
        Assert.Equal(3, contents.Select(video => Pictures.Sha256(video.Bytes)).Distinct().Count());
        Assert.All(contents, video => Assert.Equal(20_000, video.Bytes.Length));
        Assert.Throws<KeyNotFoundException>(() => lab.Emulator.OpenVideo(id, 3));
    }

    [Fact]
    public async Task Ten_thousand_tasks_live_on_one_timer()
    {
        await using Lab lab = await Lab.StartAsync(new EmulatorOptions { GenerationSpread = TimeSpan.FromSeconds(2) });
        for (int count = 0; count < 10_000; count++)
        {
            lab.Emulator.AddTask();
        }

        Assert.Equal(10_000, lab.Emulator.Counters.ActiveTasksMaximum);
        lab.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, lab.Emulator.Counters.ActiveTasks);
        Assert.Equal(10_000, lab.Emulator.Tasks.Select(task => task.Id).Distinct().Count());
    }
}
