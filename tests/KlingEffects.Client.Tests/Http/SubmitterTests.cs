using KlingEffects.Api;
using KlingEffects.Effects;
using KlingEffects.Emulator;
using KlingEffects.Emulator.Recording;

namespace KlingEffects.Tests.Http;

/// <summary>A submit is sent again only where nothing was made; over real sockets, on a clock that passes by itself.</summary>
public sealed class SubmitterTests
{
    public static TheoryData<FaultEffect> Doubts => new()
    {
        new ResetAfter(),
        new ResetBefore(),
        new Truncate(0),
        new Truncate(20),
        new AcceptThenStatus(500),
        new AcceptThenStatus(502),
        new AcceptThenStatus(503),
        new AcceptThenStatus(504),
        new AcceptThenStatus(408),
        new AcceptThenStatus(200) { Body = "<html>", ContentType = "text/html" },
        new AcceptThenStatus(200) { Body = "" },
        new AcceptThenStatus(200) { Body = "{\"code\":0,\"data\":{}}" },
        new AcceptThenStatus(200) { Body = "{\"code\":1303,\"data\":{\"task_id\":\"{task_id}\"}}" },
    };

    public static TheoryData<FaultEffect> Refusals => new()
    {
        new AnswerStatus(429) { Body = "{\"code\":1303,\"message\":\"parallel task over resource pack limit\"}" },
        new AnswerStatus(429) { Body = "{\"code\":1302}" },
        new AnswerStatus(429) { Body = "<html>", ContentType = "text/html" },
        new AnswerStatus(200) { Body = "{\"code\":1303,\"message\":\"parallel task over resource pack limit\"}" },
        new AnswerStatus(200) { Body = "{\"code\":\"1302\"}" },
    };

    [Theory]
    [MemberData(nameof(Doubts))]
    public async Task What_may_have_been_accepted_is_never_sent_again(FaultEffect effect)
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Fails(Operation.Submit, effect, Fault.Forever);
        KlingException error = await Assert.ThrowsAsync<KlingException>(() => scene.SubmitAsync());
        Assert.Equal(KlingErrorId.SubmitUncertain, error.Id);
        Assert.Equal((1, 1), (scene.Submits, scene.Way.Requests));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_was_refused_for_a_limit_is_sent_again_until_it_is_taken(FaultEffect effect)
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Fails(Operation.Submit, effect, times: 4);
        KlingTask task = await scene.SubmitAsync();
        Assert.Equal((5, task.TaskId), (scene.Submits, Assert.Single(scene.Emulator.Tasks).Id));
        Assert.InRange(scene.Time.Passed.TotalSeconds, 15 * 0.75, 15 * 1.25);
    }

    [Fact]
    public async Task What_found_nobody_is_sent_again()
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Way.FindsNobody = static number => number < 4;
        scene.Way.FindsNoName = static number => number is 4 or 5;
        KlingTask task = await scene.SubmitAsync();
        Assert.Equal((6, 1, task.TaskId), (scene.Way.Requests, scene.Submits, Assert.Single(scene.Emulator.Tasks).Id));
    }

    [Fact]
    public async Task A_host_that_is_gone_is_given_up_after_five_minutes_by_the_whole_batch()
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Way.FindsNobody = static _ => true;
        SubmitBatch batch = scene.Batch();
        Task<KlingTask?>[] jobs = [.. Enumerable.Range(1, 20).Select(number =>
            Scene.SubmitAsync(batch, Scene.Job(number)))];

        foreach (Task<KlingTask?> job in jobs)
        {
            KlingException error = await Assert.ThrowsAsync<KlingException>(() => job);
            Assert.Equal(KlingErrorId.ServerError, error.Id);
            Assert.Contains($"127.0.0.1:", error.Message, StringComparison.Ordinal);
        }

        Assert.InRange(scene.Time.Passed.TotalSeconds, 300, 320);
        Assert.Equal(0, scene.Submits);

        scene.Way.FindsNobody = static _ => false;
        await scene.SubmitAsync(); // another command begins anew
    }

    [Theory]
    [InlineData(401, KlingErrorId.Unauthorized)]
    [InlineData(403, KlingErrorId.PermissionDenied)]
    [InlineData(400, KlingErrorId.InvalidRequest)]
    [InlineData(308, KlingErrorId.ProtocolError)]
    public async Task What_was_refused_for_good_is_not_sent_again(int status, KlingErrorId id)
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Fails(Operation.Submit, new AnswerStatus(status), Fault.Forever);
        Assert.Equal(id, (await Assert.ThrowsAsync<KlingException>(() => scene.SubmitAsync())).Id);
        Assert.Equal(1, scene.Submits);
    }

    [Fact]
    public async Task The_time_allowed_counts_anew_with_every_job_that_the_account_takes()
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { ParallelLimit = 1, GenerationTime = TimeSpan.FromSeconds(100) });
        SubmitBatch batch = scene.Batch(new SubmitOptions { Timeout = TimeSpan.FromSeconds(150) });
        KlingTask?[] tasks = await Task.WhenAll(Enumerable.Range(1, 4).Select(number =>
            Scene.SubmitAsync(batch, Scene.Job(number))));
        Assert.Equal(4, tasks.DistinctBy(static task => task!.TaskId).Count());
        Assert.InRange(scene.Time.Passed.TotalSeconds, 300, 340);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(0)]
    public async Task A_limit_that_outlasts_the_time_allowed_is_an_error(int seconds)
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { ParallelLimit = 1, GenerationTime = TimeSpan.FromSeconds(100) });
        await scene.SubmitAsync();
        KlingException error = await Assert.ThrowsAsync<KlingException>(() =>
            scene.SubmitAsync(Scene.Job(2), new SubmitOptions { Timeout = TimeSpan.FromSeconds(seconds) }));
        Assert.Equal((KlingErrorId.RateLimited, "1303", 429), (error.Id, error.Code, error.HttpStatus));
        // The clock passes by itself, by one pause of the gate at most while the last answer is under way.
        Assert.InRange(scene.Time.Passed.TotalSeconds, seconds, seconds + 11);
        Assert.InRange(scene.Submits, 2, 12);
    }

    [Fact]
    public async Task With_no_time_allowed_a_job_is_tried_once()
    {
        await using KlingEmulator emulator = await KlingEmulator.StartAsync(cancellationToken: Scene.Cancellation);
        ApiClient api = new(new KlingClientOptions { ApiKey = emulator.ApiKey, BaseUri = emulator.BaseUri });
        SubmitBatch batch = new(api, null, new SubmitOptions { Timeout = TimeSpan.Zero }, RetryOptions.None, Unobserved.Run, Scene.Cancellation);
        for (int number = 1; number <= 5; number++)
        {
            await Scene.SubmitAsync(batch, Scene.Job(number));
        }

        emulator.Faults.Add(new Fault(Operation.Submit, new AnswerStatus(429) { Body = """{"code":1303}""" }));
        KlingException error = await Assert.ThrowsAsync<KlingException>(
            () => Scene.SubmitAsync(batch, Scene.Job(6)));
        Assert.Equal((KlingErrorId.RateLimited, 6), (error.Id, emulator.Counters.Submits));
    }

    [Fact]
    public async Task A_batch_that_outlives_an_outage_submits_again()
    {
        await using Scene scene = await Scene.StartAsync();
        SubmitBatch batch = scene.Batch();
        scene.Way.FindsNobody = static _ => true;
        await Assert.ThrowsAsync<KlingException>(() => Scene.SubmitAsync(batch, Scene.Job(1)));
        int tries = scene.Way.Requests;
        await Assert.ThrowsAsync<KlingException>(() => Scene.SubmitAsync(batch, Scene.Job(2)));
        Assert.Equal(tries, scene.Way.Requests);

        scene.Way.FindsNobody = static _ => false;
        await scene.Time.Delay(TimeSpan.FromMinutes(1), Scene.Cancellation);
        await Scene.SubmitAsync(batch, Scene.Job(3));
        Assert.Equal(tries + 1, scene.Way.Requests);
    }

    [Fact]
    public async Task A_hundred_jobs_keep_five_slots_full_and_are_submitted_once_each()
    {
        const int Jobs = 100;
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions
        {
            ParallelLimit = 5,
            GenerationTime = TimeSpan.FromSeconds(300),
            GenerationSpread = TimeSpan.FromSeconds(60),
        });
        SubmitBatch batch = scene.Batch();
        KlingTask?[] tasks = await Task.WhenAll(Enumerable.Range(1, Jobs).Select(number =>
            Scene.SubmitAsync(batch, Scene.Job(number))));

        Assert.Equal(Jobs, scene.Emulator.Tasks.Count);
        Assert.Equal(Jobs, tasks.DistinctBy(static task => task!.ExternalTaskId).Count());
        Assert.Equal(5, scene.Emulator.Counters.ActiveTasksMaximum);
        double ideal = (Jobs - 5) / 5 * 300;
        Assert.InRange(scene.Time.Passed.TotalSeconds, ideal * 0.9, ideal * 1.15);
    }
}
