using KlingEffects.Batches;
using KlingEffects.Emulator.Recording;
using KlingEffects.Tests.Http;

namespace KlingEffects.Tests.Waiting;

/// <summary>Lines and errors about one job begin with the user's own id.</summary>
public sealed class SubjectNameTests
{
    private static readonly EffectJob Job = new() { Scene = "hug", Images = [ImageSource.Parse("https://h/a.jpg")], ExternalTaskId = "order-5" };
    private static readonly KlingTask Task = new() { TaskId = "1460", ExternalTaskId = "order-5", Status = KlingTaskStatus.Processing };
    private static readonly KlingException Why = new(KlingErrorId.ServerError, "no.") { ExternalTaskId = "order-5" };

    public static TheoryData<string, string> Lines => new()
    {
        { "order-5: submitted as 1460: hug (https://h/a.jpg)", $"{new RunEvent.Submitted(Job, Task).Text}" },
        { "order-5: hug (https://h/a.jpg): found as task 1460", $"{new RunEvent.Recalled(Job, "1460", WasLookedUp: true).Text}" },
        { "order-5: hug (https://h/a.jpg): the journal has task 1460", $"{new RunEvent.Recalled(Job, "1460", WasLookedUp: false).Text}" },
        { "order-5: 1460 is Processing", $"{new RunEvent.Polled(Task, KlingTaskStatus.Submitted).Text}" },
        { "order-5: 1460 ended: Processing", $"{new RunEvent.Ended(Task, KlingTaskStatus.Submitted).Text}" },
        { "order-5: 1460 is not waited for any longer: no.", $"{new RunEvent.GivenUp(Task, Why).Text}" },
        { "order-5: 1460 saved: v.mp4 (7 bytes)", $"{new RunEvent.Saved(new SavedVideo(Task, new KlingVideo { Url = "" }, "v.mp4", 7, WasThere: false)).Text}" },
        { "submits are held back, order-5: hug (https://h/a.jpg) first: no. Trying again.", $"{new RunEvent.SubmitsHeld(Job, Why).Text}" },
        { "polls fail, of order-5: 1460 first: no. Asking again.", $"{new RunEvent.PollsFail(Task, Why).Text}" },
        { "1460 submitted: hug (https://h/a.jpg)", $"{new RunEvent.Submitted(Job with { ExternalTaskId = null }, Task).Text}" },
        { "1460 is Processing", $"{new RunEvent.Polled(new KlingTask { TaskId = "1460", ExternalTaskId = "ke-0a1b", Status = KlingTaskStatus.Processing }, KlingTaskStatus.Submitted).Text}" },
        { "order-5: no.", SubjectName.Named(Why).Message },
        { "order-5: no.", SubjectName.Named(SubjectName.Named(Why)).Message },
        { "no.", SubjectName.Named(new KlingException(KlingErrorId.ServerError, "no.")).Message },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Each_line_names_the_job(string expected, string line) => Assert.Equal(expected, line);

    [Fact]
    public async System.Threading.Tasks.Task A_long_pause_that_the_server_asks_for_is_told_once()
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromMinutes(5) });
        List<KlingTask> tasks = [await scene.SubmitAsync(Scene.Job(1)), await scene.SubmitAsync(Scene.Job(2))];
        scene.Fails(Operation.Query, new AnswerStatus(429) { Headers = new Dictionary<string, string> { ["Retry-After"] = "3600" } }, times: 2);
        Scene.Outcome outcome = await scene.WaitAsync(tasks);
        Assert.Empty(outcome.Errors);
        Assert.Equal(2, outcome.Tasks.Count);
        string[] told = [.. outcome.Notes.Where(static note => note.StartsWith("no polls", StringComparison.Ordinal))];
        Assert.All(told, static note => Assert.StartsWith("no polls for 10 min, which the server asks for: ", note, StringComparison.Ordinal));
        // Both polls may leave before the first is answered, or one after the other's pause.
        Assert.Equal(outcome.Notes.Count(static note => note.StartsWith("polls are answered again", StringComparison.Ordinal)), told.Length);
    }

    [Fact]
    public void Progress_tells_of_it_until_polls_are_answered()
    {
        BatchProgress progress = new();
        progress.Add();
        progress.Observe(new RunEvent.PollsHeld(TimeSpan.FromMinutes(10), Why));
        Assert.Contains(", no polls for 10 min, which the server asks for", new BatchSnapshot(progress, null).Status, StringComparison.Ordinal);
        progress.Observe(new RunEvent.PollsAnswered(TimeSpan.FromMinutes(10)));
        Assert.DoesNotContain("no polls", new BatchSnapshot(progress, null).Status, StringComparison.Ordinal);
    }
}
