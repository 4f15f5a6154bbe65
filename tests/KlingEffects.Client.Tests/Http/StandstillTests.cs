using KlingEffects.Api;
using KlingEffects.Effects;
using KlingEffects.Emulator.Recording;

namespace KlingEffects.Tests.Http;

/// <summary>A limit that lets no job through at all is given up long before the hour; one that is a matter of time is not.</summary>
public sealed class StandstillTests
{
    private const string Saturated = """{"code":"fail_to_fetch_task","message":"当前分组上游负载已饱和，请稍后再试","data":null}""";

    [Theory]
    [InlineData(429, Saturated, "当前分组上游负载已饱和，请稍后再试 (code fail_to_fetch_task, HTTP 429)")]
    [InlineData(429, """{"code":1303,"message":"parallel task over resource pack limit"}""", "parallel task over resource pack limit (code 1303, HTTP 429)")]
    [InlineData(400, """{"code":"task_failed","message":"parallel task over resource pack limit"}""", "parallel task over resource pack limit (code 1303, HTTP 400)")]
    public async Task A_limit_that_never_lets_one_job_through_stops_the_batch(int status, string body, string answered)
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Fails(Operation.Submit, new AnswerStatus(status) { Body = body }, Fault.Forever);
        SubmitBatch batch = scene.Batch();
        Task<KlingTask?>[] jobs = [.. Enumerable.Range(1, 30).Select(number =>
            Scene.SubmitAsync(batch, Scene.Job(number)))];

        foreach (Task<KlingTask?> job in jobs)
        {
            KlingException error = await Assert.ThrowsAsync<KlingException>(() => job);
            Assert.Equal((KlingErrorId.RateLimited, status), (error.Id, error.HttpStatus));
            Assert.Contains(answered, error.Message, StringComparison.Ordinal);
            Assert.Contains("No job got through for 15 minutes.", error.Message, StringComparison.Ordinal);
            Assert.Contains("balance", error.RecommendedAction, StringComparison.Ordinal);
        }

        Assert.InRange(scene.Time.Passed.TotalMinutes, 15, 16);
    }

    [Fact]
    public async Task Jobs_one_after_the_other_stop_together_too()
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Fails(Operation.Submit, new AnswerStatus(429) { Body = Saturated }, Fault.Forever);
        SubmitBatch batch = scene.Batch(new SubmitOptions { ThrottleLimit = 1 });
        for (int number = 1; number <= 5; number++)
        {
            await Assert.ThrowsAsync<KlingException>(() => Scene.SubmitAsync(batch, Scene.Job(number)));
        }

        Assert.InRange(scene.Time.Passed.TotalMinutes, 15, 17);
    }

    [Fact]
    public async Task An_account_whose_slots_are_busy_with_earlier_tasks_gets_through()
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions
        {
            ParallelLimit = 3,
            GenerationTime = TimeSpan.FromMinutes(5),
            GenerationSpread = TimeSpan.FromMinutes(1),
        });
        for (int earlier = 0; earlier < 3; earlier++)
        {
            scene.Emulator.AddTask();
        }

        SubmitBatch batch = scene.Batch();
        KlingTask?[] tasks = await Task.WhenAll(Enumerable.Range(1, 12).Select(number =>
            Scene.SubmitAsync(batch, Scene.Job(number))));

        Assert.Equal(12, tasks.Select(static task => task!.TaskId).Distinct().Count());
        Assert.InRange(scene.Time.Passed.TotalMinutes, 15, 35);
    }

    [Fact]
    public async Task A_batch_of_which_a_job_was_taken_has_the_whole_time_allowed()
    {
        await using Scene scene = await Scene.StartAsync();
        SubmitBatch batch = scene.Batch();
        await Scene.SubmitAsync(batch, Scene.Job(1));
        scene.Fails(Operation.Submit, new AnswerStatus(429) { Body = Saturated }, Fault.Forever);
        KlingException error = await Assert.ThrowsAsync<KlingException>(
            () => Scene.SubmitAsync(batch, Scene.Job(2)));
        Assert.InRange(scene.Time.Passed.TotalMinutes, 60, 61);
        Assert.DoesNotContain("No job got through", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_that_the_user_gives_is_kept()
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Fails(Operation.Submit, new AnswerStatus(429) { Body = Saturated }, Fault.Forever);
        await Assert.ThrowsAsync<KlingException>(() => scene.SubmitAsync(options: new SubmitOptions { Timeout = TimeSpan.FromMinutes(40), StandstillTime = null }));
        Assert.InRange(scene.Time.Passed.TotalMinutes, 40, 41);
    }

    [Fact]
    public async Task A_slot_that_is_seen_to_become_free_is_a_sign_of_life()
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Fails(Operation.Submit, new AnswerStatus(429) { Body = Saturated }, Fault.Forever);
        Task<KlingTask> job = scene.SubmitAsync();
        ITimer ending = scene.Time.CreateTimer(_ => scene.Api.Account.SlotFreed(), null, TimeSpan.FromMinutes(10), Timeout.InfiniteTimeSpan);
        await Assert.ThrowsAsync<KlingException>(() => job);
        await ending.DisposeAsync();
        Assert.InRange(scene.Time.Passed.TotalMinutes, 25, 26);
    }
}
