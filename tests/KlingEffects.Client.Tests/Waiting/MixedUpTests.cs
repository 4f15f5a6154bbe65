using KlingEffects.Emulator.Recording;
using KlingEffects.Queries;
using KlingEffects.Tests.Http;

namespace KlingEffects.Tests.Waiting;

/// <summary>Answers about another task than the one that was asked for.</summary>
public sealed class MixedUpTests
{
    private static string Ended(string id, string? external = null) =>
        """{"code":0,"data":{"task_id":"ID","task_status":"succeed","task_info":{"external_task_id":"OWN"},"task_result":{"videos":[{"url":"https://h/ID.mp4"}]}}}"""
            .Replace("ID", id, StringComparison.Ordinal).Replace("OWN", external, StringComparison.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_poll_that_tells_of_another_task_of_the_batch_is_no_answer(bool byId)
    {
        await using Scene scene = await Scene.StartAsync();
        KlingTask one = await scene.SubmitAsync(Scene.Job(1));
        KlingTask other = await scene.SubmitAsync(Scene.Job(2));
        string body = byId ? Ended(other.TaskId) : Ended("upstream-7", "job-2");
        scene.Emulator.Faults.Add(new Fault(Operation.Query, new AnswerStatus(200) { Body = body }) { TaskId = one.TaskId, Times = 3 });
        Scene.Outcome outcome = await scene.WaitAsync([one, other]);
        Assert.Empty(outcome.Errors);
        Assert.All(outcome.Tasks, task => Assert.Contains(task.TaskId, Assert.Single(task.Videos).Url, StringComparison.Ordinal));
        Assert.Equal(["job-1", "job-2"], outcome.Tasks.OrderBy(static task => task.ExternalTaskId).Select(static task => task.ExternalTaskId));
    }

    [Fact]
    public async Task Where_it_stays_so_that_is_the_tasks_error()
    {
        await using Scene scene = await Scene.StartAsync();
        KlingTask one = await scene.SubmitAsync(Scene.Job(1));
        KlingTask other = await scene.SubmitAsync(Scene.Job(2));
        scene.Emulator.Faults.Add(new Fault(Operation.Query, new AnswerStatus(200) { Body = Ended(other.TaskId) }) { TaskId = one.TaskId, Times = Fault.Forever });
        Scene.Outcome outcome = await scene.WaitAsync([one, other]);
        Assert.Equal(other.TaskId, Assert.Single(outcome.Tasks).TaskId);
        KlingException error = Assert.Single(outcome.Errors);
        Assert.Equal((KlingErrorId.ProtocolError, one.TaskId, "job-1"), (error.Id, error.TaskId, error.ExternalTaskId));
        Assert.Contains($"The answer is about another task: {other.TaskId}.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("upstream-7", null)]
    [InlineData("upstream-7", "job-1")]
    [InlineData("upstream-7", "job-77")]
    public async Task An_id_that_nobody_knows_proves_nothing(string id, string? external)
    {
        await using Scene scene = await Scene.StartAsync();
        KlingTask one = await scene.SubmitAsync(Scene.Job(1));
        KlingTask other = await scene.SubmitAsync(Scene.Job(2));
        scene.Emulator.Faults.Add(new Fault(Operation.Query, new AnswerStatus(200) { Body = Ended(id, external) }) { TaskId = one.TaskId, Times = Fault.Forever });
        Scene.Outcome outcome = await scene.WaitAsync([one, other]);
        Assert.Empty(outcome.Errors);
        KlingTask ended = outcome.Tasks.Single(task => task.TaskId == one.TaskId);
        Assert.Equal(("job-1", $"https://h/{id}.mp4"), (ended.ExternalTaskId, ended.Videos[0].Url));
    }

    [Fact]
    public async Task A_question_alone_is_asked_again_too()
    {
        await using Scene scene = await Scene.StartAsync(shareClock: false);
        string one = scene.Emulator.AddTask("effects", "job-1").Id;
        string other = scene.Emulator.AddTask("effects", "job-2").Id;
        await TaskQuery.AskAsync(scene.Api, other, new KlingTask { TaskId = other }, Scene.Cancellation);
        foreach (KlingTask asked in (KlingTask[])[new() { TaskId = one }, new() { ExternalTaskId = "job-1" }])
        {
            scene.Emulator.Faults.Add(new Fault(Operation.Query, new AnswerStatus(200) { Body = Ended(other, "job-2") }) { TaskId = one, Times = 2 });
            string id = asked.TaskId.Length > 0 ? asked.TaskId : asked.ExternalTaskId!;
            if (asked.TaskId.Length == 0)
            {
                await TaskQuery.AskAsync(scene.Api, other, new KlingTask { TaskId = other, ExternalTaskId = "job-2" }, Scene.Cancellation);
            }

            KlingTask told = await TaskQuery.AskAsync(scene.Api, id, asked, Scene.Cancellation);
            Assert.Equal(one, told.TaskId);
        }
    }

    [Theory]
    [InlineData("""{"code":0,"data":[OTHER,MINE]}""")]
    [InlineData("""{"code":0,"data":{"tasks":[OTHER,OTHER,MINE,OTHER]}}""")]
    [InlineData("""{"code":0,"data":{"data":[OTHER,MINE]}}""")]
    [InlineData("""{"code":0,"list":[OTHER,MINE]}""")]
    [InlineData("""[OTHER,MINE]""")]
    public async Task Of_a_list_the_task_is_taken_that_was_asked_for(string body)
    {
        await using Scene scene = await Scene.StartAsync(shareClock: false);
        string mine = scene.Emulator.AddTask("effects", "job-1").Id;
        string text = body.Replace("OTHER", """{"task_id":"t-9","task_status":"failed","task_info":{"external_task_id":"job-9"}}""", StringComparison.Ordinal)
            .Replace("MINE", """{"task_id":"ID","task_status":"processing","task_info":{"external_task_id":"job-1"}}""", StringComparison.Ordinal)
            .Replace("ID", mine, StringComparison.Ordinal);
        foreach (string id in (string[])[mine, "job-1"])
        {
            scene.Fails(Operation.Query, new AnswerStatus(200) { Body = text });
            KlingTask told = await TaskQuery.AskAsync(scene.Api, id, new KlingTask { TaskId = id }, Scene.Cancellation);
            Assert.Equal(KlingTaskStatus.Processing, told.Status);
        }

        Assert.Equal(2, scene.Queries);
    }

    [Fact]
    public void What_an_earlier_object_knew_takes_no_place_of_what_is_told() =>
        Assert.Equal("told", new KlingTask { TaskId = "told" }.MergedWith(new KlingTask { TaskId = "earlier" }).TaskId);
}
