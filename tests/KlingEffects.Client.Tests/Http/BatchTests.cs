using KlingEffects.Effects;
using KlingEffects.Emulator;
using KlingEffects.Emulator.Recording;
using KlingEffects.Queries;

namespace KlingEffects.Tests.Http;

/// <summary>The same job in one run after another with one journal, at an API that takes an external id twice.</summary>
public sealed class BatchTests : IDisposable
{
    private static readonly AnswerStatus NotYet = new(400) { Body = """{"code":"task_not_exist","message":"task_not_exist"}""" };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_external_id_that_no_file_can_hold_is_refused_before_it_is_paid_for()
    {
        await using Scene scene = await StartAsync();
        EffectJob job = Scene.Job() with { ExternalTaskId = "photo of \U0001F600"[..10] };
        KlingException refused = await Assert.ThrowsAsync<KlingException>(() => RunAsync(scene, job));

        Assert.Equal(KlingErrorId.InvalidRequest, refused.Id);
        Assert.Empty(scene.Emulator.Tasks);
    }

    [Theory]
    [InlineData("order##7")]
    [InlineData("2026-11::night::b")]
    public async Task An_external_id_that_a_log_would_take_for_a_command_is_an_id(string id)
    {
        await using Scene scene = await StartAsync();
        KlingTask? task = await RunAsync(scene, Scene.Job() with { ExternalTaskId = id });

        Assert.Equal(id, task!.ExternalTaskId);
        Assert.Equal(id, Assert.Single(scene.Emulator.Tasks).ExternalId);
    }

    [Fact]
    public async Task A_doubt_of_a_moment_ago_is_not_paid_for_again_while_a_new_task_may_be_unknown()
    {
        await using Scene scene = await StartAsync();
        scene.Fails(Operation.Submit, new ResetAfter());
        await Assert.ThrowsAsync<KlingException>(() => RunAsync(scene, Scene.Job()));
        scene.Fails(Operation.Query, NotYet, times: 2);

        KlingTask? task = await RunAsync(scene, Scene.Job(), retryUncertain: true);

        Assert.Equal(Assert.Single(scene.Emulator.Tasks).Id, task!.TaskId);
        Assert.Equal(3, scene.Queries);
    }

    [Fact]
    public async Task Where_nothing_would_be_paid_again_a_doubt_is_looked_up_once_a_run()
    {
        await using Scene scene = await StartAsync();
        scene.Fails(Operation.Submit, new ResetAfter());
        await Assert.ThrowsAsync<KlingException>(() => RunAsync(scene, Scene.Job()));
        scene.Fails(Operation.Query, NotYet);

        KlingException doubt = await Assert.ThrowsAsync<KlingException>(() => RunAsync(scene, Scene.Job()));
        Assert.Equal((KlingErrorId.SubmitUncertain, 1), (doubt.Id, scene.Queries));
        Assert.Equal(Assert.Single(scene.Emulator.Tasks).Id, (await RunAsync(scene, Scene.Job()))!.TaskId);
    }

    [Fact]
    public async Task A_task_that_a_journal_tells_of_since_a_moment_may_be_unknown_yet()
    {
        await using Scene scene = await StartAsync();
        await RunAsync(scene, Scene.Job());
        KlingTask task = (await RunAsync(scene, Scene.Job()))!;
        scene.Fails(Operation.Query, NotYet, times: 2);

        Assert.Equal(task.TaskId, (await TaskQuery.AskAsync(scene.Api, task.TaskId, task, Scene.Cancellation)).TaskId);
        scene.Fails(Operation.Query, NotYet, times: 2);
        Assert.Equal(KlingTaskStatus.Succeed, Assert.Single((await scene.WaitAsync([task])).Tasks).Status);
        scene.Fails(Operation.Query, NotYet, times: 2);
        Assert.Equal(KlingTaskStatus.Succeed, Assert.Single((await scene.WaitAsync([task.Restart()])).Tasks).Status);
    }

    [Fact]
    public async Task A_task_that_a_journal_has_told_of_for_long_is_unknown_for_good()
    {
        await using Scene scene = await StartAsync();
        KlingTask old = new() { TaskId = "1", Context = new TaskContext { JournaledAt = scene.Time.GetUtcNow() - TimeSpan.FromMinutes(2) } };
        KlingTask ofTheFuture = new() { TaskId = "1", Context = new TaskContext { JournaledAt = scene.Time.GetUtcNow() + TimeSpan.FromDays(1) } };
        foreach (KlingTask task in (KlingTask[])[old, ofTheFuture])
        {
            KlingException error = await Assert.ThrowsAsync<KlingException>(() => TaskQuery.AskAsync(scene.Api, "1", task, Scene.Cancellation));
            Assert.Equal(KlingErrorId.TaskNotFound, error.Id);
        }
    }

    [Fact]
    public async Task An_image_that_changes_while_its_job_waits_for_a_slot_is_paid_for_once()
    {
        await using Scene scene = await StartAsync();
        string path = _folder.Write("a.png", TestImages.Png(400, 400, 50_000));
        EffectJob job = new() { Scene = "bloombloom", Images = [ImageSource.Parse(path)] };
        scene.Fails(Operation.Submit, new AnswerStatus(429) { Body = """{"code":1303}""" });
        scene.Way.OnAnswer = () => File.WriteAllBytes(path, TestImages.Png(500, 500, 60_000));
        KlingException error = await Assert.ThrowsAsync<KlingException>(() => RunAsync(scene, job));
        scene.Way.OnAnswer = null;

        Assert.Equal(KlingErrorId.ImageInvalid, error.Id);
        Assert.Contains("changed", error.Message, StringComparison.Ordinal);
        await RunAsync(scene, job with { Images = [ImageSource.Parse(path)] });
        await RunAsync(scene, job with { Images = [ImageSource.Parse(path)] });
        Assert.Single(scene.Emulator.Tasks);
    }

    [Fact]
    public async Task An_answer_that_repeats_the_image_leaves_nothing_of_it_in_the_journal_or_the_error()
    {
        await using Scene scene = await StartAsync();
        byte[] image = TestImages.Png(400, 400, 5_000);
        string base64 = Convert.ToBase64String(image);
        EffectJob job = new() { Scene = "bloombloom", Images = [ImageSource.Parse(_folder.Write("a.png", image))] };
        scene.Fails(Operation.Submit, new AnswerStatus(422) { Body = $$"""{"detail":[{"loc":["body","input","image"],"input":"{{base64}}"}]}""" });
        KlingException error = await Assert.ThrowsAsync<KlingException>(() => RunAsync(scene, job));

        string journal = await File.ReadAllTextAsync(_folder.Combine("jobs.journal"), Scene.Cancellation);
        Assert.Contains("input", journal, StringComparison.Ordinal);
        Assert.DoesNotContain(base64[..100], journal, StringComparison.Ordinal);
        Assert.DoesNotContain(base64[..100], error.ToString() + error.AnswerBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_that_is_closed_under_a_submit_loses_no_id()
    {
        await using Scene scene = await StartAsync();
        JobJournal journal = Open(scene);
        scene.Way.OnAnswer = journal.Dispose;

        KlingTask task = await scene.Client.SubmitAsync(Scene.Job(), journal, cancellationToken: Scene.Cancellation);

        Assert.Equal(Assert.Single(scene.Emulator.Tasks).Id, task.TaskId);
    }

    private static Task<Scene> StartAsync() => Scene.StartAsync(new EmulatorOptions { RejectDuplicateExternalId = false });

    private JobJournal Open(Scene scene) => JobJournal.Open(_folder.Combine("jobs.journal"), scene.Time);

    private async Task<KlingTask?> RunAsync(Scene scene, EffectJob job, bool retryUncertain = false)
    {
        using JobJournal journal = Open(scene);
        return await Scene.SubmitAsync(scene.Batch(journal: journal, retry: new RetryOptions(retryUncertain)), job);
    }
}
