using System.Text;
using KlingEffects.Api;
using KlingEffects.Effects;
using KlingEffects.Emulator;
using KlingEffects.Emulator.Configuration;
using KlingEffects.Emulator.Recording;

namespace KlingEffects.Tests.Http;

/// <summary>Whose is a task that the API tells of: what is known of jobs and tasks is compared before one is taken.</summary>
public sealed class WhoseTaskTests : IDisposable
{
    private static readonly AnswerStatus Unknown = new(404) { Body = """{"code":"task_not_exist","message":"task_not_exist"}""" };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DuplicateRefusal.Conflict, false)]
    [InlineData(DuplicateRefusal.Conflict, true)]
    [InlineData(DuplicateRefusal.Code1201, false)]
    [InlineData(DuplicateRefusal.Code1201, true)]
    public async Task A_used_external_id_leads_to_the_task_that_an_uncertain_submit_made(DuplicateRefusal form, bool ownId)
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { DuplicateRefusal = form });
        EffectJob job = Scene.Job() with { ExternalTaskId = ownId ? "order-1" : null };
        scene.Fails(Operation.Submit, new ResetAfter());
        Assert.Equal(KlingErrorId.SubmitUncertain, (await Assert.ThrowsAsync<KlingException>(() => RunAsync(scene, job))).Id);
        await scene.Time.Delay(TimeSpan.FromMinutes(2), Scene.Cancellation);
        scene.Fails(Operation.Query, Unknown);

        KlingTask task = (await RunAsync(scene, job, new RetryOptions(Uncertain: true)))!;

        Assert.Equal((Assert.Single(scene.Emulator.Tasks).Id, 2), (task.TaskId, scene.Submits));
        Assert.Equal(task.TaskId, (await RunAsync(scene, job))!.TaskId);
        Assert.Equal(KlingJobState.Running, Assert.Single(JobJournal.Read(Journal)).State);
    }

    [Theory]
    [InlineData(409, """{"code":"duplicate_external_task_id","message":"x"}""")]
    [InlineData(400, """{"code":1201,"message":"external_task_id already exists, it must be unique"}""")]
    [InlineData(400, """{"code":1201,"message":"Duplicate task id"}""")]
    [InlineData(400, """{"code":1201,"message":"external_task_id 已存在"}""")]
    [InlineData(400, """{"code":1201,"message":"自定义任务ID重复"}""")]
    [InlineData(422, """{"error":{"message":"The externalTaskId has already been taken.","type":"validation_error"}}""")]
    public async Task A_used_external_id_of_a_task_of_last_week_is_an_error_that_names_it_and_its_date(int status, string body)
    {
        await using Scene scene = await Scene.StartAsync();
        EmulatedTask other = scene.Emulator.AddTask(externalTaskId: "job-1", age: TimeSpan.FromDays(7));
        scene.Fails(Operation.Submit, new AnswerStatus(status) { Body = body });

        KlingException error = await Assert.ThrowsAsync<KlingException>(() => RunAsync(scene, Scene.Job()));

        Assert.Equal((KlingErrorId.InvalidRequest, other.Id), (error.Id, error.TaskId));
        Assert.Contains(other.Id, error.Message, StringComparison.Ordinal);
        Assert.Contains($"{other.CreatedAt:yyyy-MM-dd}", error.Message, StringComparison.Ordinal);
        Assert.Equal(KlingJobState.Refused, Assert.Single(JobJournal.Read(Journal)).State);
    }

    // The forms of public APIs: the draft of Idempotency-Key (422, problem+json), a key that is under way (iceberg #14196), a database's word (commonly #697).
    [Theory]
    [InlineData(422, """{"type":"https://developer.example/idempotency","title":"Idempotency-Key is already used","message":"This operation is idempotent: the key is already used"}""")]
    [InlineData(409, """{"code":"request_in_progress","message":"a request with this key is in progress"}""")]
    [InlineData(500, """{"code":500,"message":"MongoServerError: E11000 duplicate key error collection: tasks index: external_id"}""")]
    public async Task Other_ways_to_say_it_lead_to_the_task_too(int status, string body)
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Fails(Operation.Submit, new AcceptThenStatus(status) { Body = body, ContentType = "application/problem+json" });
        KlingTask task = (await RunAsync(scene, Scene.Job()))!;
        Assert.Equal((Assert.Single(scene.Emulator.Tasks).Id, 1), (task.TaskId, scene.Submits));
    }

    [Theory]
    [InlineData("effect_scene does not exist")]
    [InlineData("the images must not be the same")]
    public async Task What_is_wrong_otherwise_stays_its_own_error(string message)
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Emulator.AddTask(externalTaskId: "job-1", age: TimeSpan.FromDays(7));
        scene.Fails(Operation.Submit, new AnswerStatus(400) { Body = $$"""{"code":1201,"message":"{{message}}"}""" });
        KlingException error = await Assert.ThrowsAsync<KlingException>(() => RunAsync(scene, Scene.Job()));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, scene.Queries);
    }

    [Fact]
    public async Task An_uncertain_job_is_not_the_task_of_last_week_that_has_its_id()
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { RejectDuplicateExternalId = false });
        scene.Emulator.AddTask(externalTaskId: "job-1", age: TimeSpan.FromDays(7));
        scene.Fails(Operation.Submit, new ResetBefore());
        for (int run = 0; run < 3; run++)
        {
            Assert.Equal(KlingErrorId.SubmitUncertain, (await Assert.ThrowsAsync<KlingException>(() => RunAsync(scene, Scene.Job()))).Id);
        }

        Assert.Equal((1, KlingJobState.Uncertain), (scene.Submits, Assert.Single(JobJournal.Read(Journal)).State));
    }

    [Fact]
    public async Task A_task_that_failed_is_asked_for_before_another_is_paid_for()
    {
        await using Scene scene = await Scene.StartAsync();
        KlingTask first = (await RunAsync(scene, Scene.Job()))!;
        scene.Fails(Operation.Query, new AnswerStatus(200) { Body = """{"code":0,"data":{"task_id":"{task_id}","task_status":"failed","task_status_msg":"x"}}""" });
        await scene.WaitAsync([first]);
        Assert.Equal(KlingJobState.Failed, Assert.Single(JobJournal.Read(Journal)).State);

        KlingTask again = (await RunAsync(scene, Scene.Job(), new RetryOptions(Failed: true)))!;
        Assert.Equal((first.TaskId, 1), (again.TaskId, scene.Submits));
        Assert.NotEqual(KlingTaskStatus.Failed, again.Status);

        scene.Emulator.Tasks[0].Succeed();
        Assert.Equal(KlingTaskStatus.Succeed, (await RunAsync(scene, Scene.Job(), new RetryOptions(Failed: true)))!.Status);
        Assert.Equal(KlingJobState.Succeeded, Assert.Single(JobJournal.Read(Journal)).State);
    }

    [Fact]
    public async Task A_failure_that_cannot_be_asked_for_is_not_paid_for_again()
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Fails(Operation.Submit, new FailTask("no face"));
        await scene.WaitAsync([(await RunAsync(scene, Scene.Job()))!]);
        scene.Fails(Operation.Query, new AnswerStatus(503), Fault.Forever);
        await Assert.ThrowsAsync<KlingException>(() => RunAsync(scene, Scene.Job(), new RetryOptions(Failed: true)));
        scene.Emulator.Faults.Clear();
        Assert.Equal(1, scene.Submits);
        Assert.NotNull(await RunAsync(scene, Scene.Job(), new RetryOptions(Failed: true)));
        Assert.Equal(2, scene.Submits);
    }

    [Theory]
    [InlineData("""{"code":0,"data":{"task_id":"{first}","task_status":"submitted"}}""")]
    [InlineData("""{"code":0,"data":{"task_id":"up-7","task_status":"submitted","task_info":{"external_task_id":"job-1"}}}""")]
    public async Task An_answer_that_names_another_jobs_task_is_none(string body)
    {
        await using Scene scene = await Scene.StartAsync();
        SubmitBatch batch = scene.Batch();
        KlingTask first = (await Scene.SubmitAsync(batch, Scene.Job(1)))!;
        body = body.Replace("{first}", first.TaskId, StringComparison.Ordinal);
        scene.Fails(Operation.Submit, new AcceptThenStatus(200) { Body = body });
        KlingTask second = (await Scene.SubmitAsync(batch, Scene.Job(2)))!;
        Assert.Equal(scene.Emulator.Tasks[1].Id, second.TaskId);

        scene.Fails(Operation.Submit, new AnswerStatus(200) { Body = body });
        KlingException error = await Assert.ThrowsAsync<KlingException>(() => Scene.SubmitAsync(batch, Scene.Job(3)));
        Assert.Equal((KlingErrorId.SubmitUncertain, 3), (error.Id, scene.Submits));
    }

    [Fact]
    public async Task An_answer_that_names_a_task_of_the_journal_is_none_and_one_that_nobody_knows_is_taken()
    {
        await using Scene scene = await Scene.StartAsync();
        KlingTask first = (await RunAsync(scene, Scene.Job(1)))!;
        scene.Fails(Operation.Submit, new AcceptThenStatus(200) { Body = $$$"""{"code":0,"data":{"task_id":"{{{first.TaskId}}}"}}""" });
        KlingTask second = (await RunAsync(scene, Scene.Job(2)))!;
        Assert.Equal(scene.Emulator.Tasks[1].Id, second.TaskId);
        scene.Fails(Operation.Submit, new AnswerStatus(200) { Body = """{"code":0,"data":{"task_id":"up-9","task_info":{"external_task_id":"upstream-1"}}}""" });
        Assert.Equal("up-9", (await RunAsync(scene, Scene.Job(3)))!.TaskId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rows_that_ask_for_the_same_are_one_job_with_a_journal_and_without(bool withJournal)
    {
        await using Scene scene = await Scene.StartAsync();
        using JobJournal? journal = withJournal ? JobJournal.Open(Journal, scene.Time) : null;
        SubmitBatch batch = scene.Batch(journal: journal);
        EffectJob one = Scene.Job() with { ExternalTaskId = null, Images = [ImageSource.Parse(_folder.Write("a.png", TestImages.Png(400, 400)))] };
        Assert.NotNull(await Scene.SubmitAsync(batch, one));
        Assert.Null(await Scene.SubmitAsync(batch, one with { CallbackUrl = "http://127.0.0.1:1/x", Duration = 5 }));
        Assert.Null(await Scene.SubmitAsync(batch, one with { Images = [ImageSource.Parse(_folder.Write("b.png", TestImages.Png(400, 400)))] }));
        Assert.NotNull(await Scene.SubmitAsync(batch, one with { Mode = "pro" }));
        Assert.NotNull(await Scene.SubmitAsync(batch, one with { ExternalTaskId = "M\u00FCller" }));
        Assert.Null(await Scene.SubmitAsync(batch, one with { ExternalTaskId = "Mu\u0308ller" }));
        Assert.Equal(3, scene.Submits);
    }

    [Theory]
    [InlineData("accepted", false)]
    [InlineData("uncertain", false)]
    [InlineData("uncertain", true)]
    public async Task A_row_whose_id_an_older_journal_has_in_another_form_is_not_paid_for_again(string last, bool retryUncertain)
    {
        const string decomposed = "Mu\u0308ller";
        await using Scene scene = await Scene.StartAsync(shareClock: false);
        KlingTask made = await scene.SubmitAsync(Scene.Job() with { ExternalTaskId = decomposed });
        string line = $$"""{"event":"{{last}}","job":"x:{{decomposed}}"{{(last == "accepted" ? $",\"taskId\":\"{made.TaskId}\"" : "")}}}""";
        _folder.Write(
            "jobs.journal",
            Encoding.UTF8.GetBytes($$"""
                {"klingJournal":1,"id":"5f3a"}
                {"event":"submitting","job":"x:{{decomposed}}","externalTaskId":"{{decomposed}}","scene":"hug"}
                {{line}}

                """.ReplaceLineEndings("\n")));
        using JobJournal journal = JobJournal.Open(Journal, scene.Time);
        SubmitBatch batch = scene.Batch(journal: journal, retry: new RetryOptions(Uncertain: retryUncertain));
        Assert.Equal(made.TaskId, (await Scene.SubmitAsync(batch, Scene.Job() with { ExternalTaskId = "M\u00FCller" }))?.TaskId);
        Assert.Equal(1, scene.Submits);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_rows_of_one_id_that_differ_are_an_error_that_names_both(bool withJournal)
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { ParallelLimit = 1, GenerationTime = TimeSpan.FromDays(1) }, shareClock: false);
        scene.Emulator.AddTask();
        using JobJournal? journal = withJournal ? JobJournal.Open(Journal, scene.Time) : null;
        using CancellationTokenSource stop = new();
        SubmitBatch batch = scene.Batch(new SubmitOptions { ThrottleLimit = 1, Timeout = null, StandstillTime = null }, journal, stop: stop.Token);
        int preparing = batch.Preparing.CurrentCount;
        Task<KlingTask?> first = RunRowAsync(batch, Scene.Job(1), "Row 1");
        await scene.Emulator.WaitForAsync(static emulator => emulator.Counters.Submits > 0, Scene.Cancellation);
        Task<KlingTask?> second = RunRowAsync(batch, Scene.Job(2), "Row 2");
        // Rows are read beside each other: this one shall be the first of its id.
        Assert.True(SpinWait.SpinUntil(() => batch.Preparing.CurrentCount == preparing, TimeSpan.FromMinutes(1)));
        EffectJob[] others = [Scene.Job(2) with { Scene = "kiss" }, Scene.Job(2) with { Mode = "pro" }, Scene.Job(2) with { Images = [.. Scene.Job().Images.Reverse()] }];
        foreach (EffectJob other in others)
        {
            KlingException error = await Assert.ThrowsAsync<KlingException>(() => RunRowAsync(batch, other, "Row 3"));
            Assert.Equal(KlingErrorId.InvalidRequest, error.Id);
            Assert.Contains("Row 3", error.Message, StringComparison.Ordinal);
            Assert.Contains("Row 2", error.Message, StringComparison.Ordinal);
        }

        // It may have left once more before it was told; the slot is free only after that.
        Assert.Contains("Row 3", (await Assert.ThrowsAsync<KlingException>(() => second)).Message, StringComparison.Ordinal);
        scene.Emulator.Tasks[0].Succeed();
        Assert.NotNull(await first);
        Assert.DoesNotContain(scene.Emulator.Tasks, static task => task.ExternalId == "job-2");
    }

    [Fact]
    public async Task Whatever_is_thrown_after_the_body_has_left_is_uncertain_and_in_the_journal_and_before_it_is_not()
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Way.OnAnswer = static () => throw new InvalidDataException("what nobody foresaw");
        Assert.Equal(KlingErrorId.SubmitUncertain, (await Assert.ThrowsAsync<KlingException>(() => RunAsync(scene, Scene.Job(1)))).Id);
        scene.Way.OnAnswer = null;
        scene.Way.FindsNobody = static _ => throw new NotSupportedException("what nobody foresaw either");
        KlingException unsent = await Assert.ThrowsAsync<KlingException>(() => RunAsync(scene, Scene.Job(2)));
        Assert.NotEqual(KlingErrorId.SubmitUncertain, unsent.Id);
        Assert.Contains("foresaw either", unsent.Message, StringComparison.Ordinal);
        Assert.Equal([KlingJobState.Uncertain, KlingJobState.Refused], JobJournal.Read(Journal).Select(static job => job.State));
    }

    [Fact]
    public async Task A_job_of_an_idle_gateway_is_not_behind_those_of_a_full_one()
    {
        await using Scene full = await Scene.StartAsync(new EmulatorOptions { ParallelLimit = 1 }, shareClock: false);
        await using Scene idle = await Scene.StartAsync(new EmulatorOptions { Gateway = Gateway.Kling }, shareClock: false);
        full.Emulator.AddTask();
        ApiClients clients = new(name => new KlingClientOptions
        {
            ApiKey = name == KlingGatewayName.Kling ? idle.Emulator.ApiKey : full.Emulator.ApiKey,
            Gateway = name,
            BaseUri = name == KlingGatewayName.Kling ? idle.Emulator.BaseUri : full.Emulator.BaseUri,
        });
        using CancellationTokenSource stop = new();
        SubmitBatch batch = new(clients.For(KlingGatewayName.CometApi), null, new SubmitOptions { ThrottleLimit = 2 }, RetryOptions.None, Unobserved.Run, stop.Token);
        Task[] waiting = [.. Enumerable.Range(1, 50).Select(number => Scene.SubmitAsync(batch, Scene.Job(number)))];
        await full.Emulator.WaitForAsync(static emulator => emulator.Counters.Submits > 1, Scene.Cancellation);

        Assert.NotNull(await Scene.SubmitAsync(batch, Scene.Job(51) with { Gateway = KlingGatewayName.Kling }));

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waiting));
    }

    private static Task<KlingTask?> RunRowAsync(SubmitBatch batch, EffectJob job, string row) => batch.SubmitAsync(job, row);

    private string Journal => _folder.Combine("jobs.journal");

    private async Task<KlingTask?> RunAsync(Scene scene, EffectJob job, RetryOptions? retry = null)
    {
        using JobJournal journal = JobJournal.Open(Journal, scene.Time);
        return await Scene.SubmitAsync(scene.Batch(journal: journal, retry: retry), job);
    }
}
