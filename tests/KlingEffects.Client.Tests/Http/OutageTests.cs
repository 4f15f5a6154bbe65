using KlingEffects.Emulator.Recording;
using KlingEffects.Waiting;

namespace KlingEffects.Tests.Http;

/// <summary>Polls that fail are told once when it begins, with the reason, and once when it ends.</summary>
public sealed class OutageTests
{
    [Theory]
    [InlineData(502, 60)]
    [InlineData(429, 30)]
    [InlineData(401, 30)]
    public async Task An_outage_of_many_tasks_and_polls_is_two_lines(int status, int polls)
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromMinutes(3) });
        KlingTask[] tasks = [.. Enumerable.Range(0, 20).Select(_ => new KlingTask { TaskId = scene.Emulator.AddTask().Id })];
        scene.Emulator.Faults.Add(new Fault(Operation.Query, new AnswerStatus(status)) { Skip = 25, Times = polls });

        Scene.Outcome outcome = await scene.WaitAsync(tasks);

        Assert.Equal((20, 0), (outcome.Tasks.Count, outcome.Errors.Count));
        string[] told = [.. outcome.Notes.Where(static note => note.StartsWith("polls ", StringComparison.Ordinal))];
        Assert.Equal(2, told.Length);
        Assert.Matches($@"^polls fail, of \d+ first: .*HTTP {status}\)\. Asking again\.$", told[0]);
        Assert.Matches(@"^polls are answered again, after \d+ s$", told[1]);
    }

    [Fact]
    public async Task One_task_that_fails_among_others_that_do_not_is_told_once()
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromMinutes(20) });
        KlingTask[] tasks = [.. Enumerable.Range(0, 5).Select(_ => new KlingTask { TaskId = scene.Emulator.AddTask().Id })];
        scene.Emulator.Faults.Add(new Fault(Operation.Query, new AnswerStatus(500)) { TaskId = tasks[2].TaskId, Times = Fault.Forever });

        Scene.Outcome outcome = await scene.WaitAsync(tasks);

        Assert.Equal((4, KlingErrorId.ServerError), (outcome.Tasks.Count, Assert.Single(outcome.Errors).Id));
        Assert.Single(outcome.Notes, static note => note.StartsWith("polls fail, ", StringComparison.Ordinal));
        Assert.DoesNotContain(outcome.Notes, static note => note.StartsWith("polls are answered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_outages_are_four_lines()
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromMinutes(5) });
        KlingTask task = await scene.SubmitAsync();
        scene.Emulator.Faults.Add(new Fault(Operation.Query, new AnswerStatus(503)) { Skip = 2, Times = 3 });
        scene.Emulator.Faults.Add(new Fault(Operation.Query, new AnswerStatus(504)) { Skip = 6, Times = 2 });
        Scene.Outcome outcome = await scene.WaitAsync([task], new WaitOptions { PollInterval = TimeSpan.FromSeconds(10) });
        string[] told = [.. outcome.Notes.Where(static note => note.StartsWith("polls ", StringComparison.Ordinal))];
        Assert.Equal(4, told.Length);
        Assert.Contains("HTTP 503", told[0], StringComparison.Ordinal);
        Assert.Contains("HTTP 504", told[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_is_not_known_yet_is_no_outage()
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromSeconds(40) });
        KlingTask task = await scene.SubmitAsync();
        scene.Fails(Operation.Query, new AnswerStatus(400) { Body = """{"code":"task_not_exist","message":"task_not_exist","data":null}""" }, times: 3);
        Scene.Outcome outcome = await scene.WaitAsync([task]);
        Assert.DoesNotContain(outcome.Notes, static note => note.StartsWith("polls ", StringComparison.Ordinal));
    }
}
