using KlingEffects.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace KlingEffects.Tests;

/// <summary>Ctrl+C while money is being spent: answers under way are waited for, and no id is lost.</summary>
public sealed class SubmitStopTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [EngineFact]
    public async Task An_answer_under_way_is_waited_for_and_its_id_is_shown()
    {
        FakeTimeProvider clock = new();
        await using EngineScene scene = await EngineScene.StartAsync(options => options with { Time = clock });
        scene.Emulator.Faults.Add(new Fault(Operation.Submit) { Delay = Hour });
        using PipelineRun run = scene.Shell.Start("New-KlingEffect scene https://images.example/a.jpg");
        await scene.ReachAsync(static emulator => emulator.Requests.Any(static request => request.IsHeld));
        Task<TimeSpan> stopped = run.StopAsync();
        RecordingHostInterface screen = scene.Shell.Host.Screen;
        await screen.LineAsync("1 submit");
        Assert.False(stopped.IsCompleted);

        clock.Advance(Hour);
        await stopped;
        string id = Assert.Single(scene.Emulator.Tasks).Id;
        Assert.Contains(screen.Lines, line => line.Contains(id, StringComparison.Ordinal));
        await scene.SettleAsync();
    }

    [EngineFact]
    public async Task With_a_journal_the_id_is_in_it()
    {
        FakeTimeProvider clock = new();
        await using EngineScene scene = await EngineScene.StartAsync(options => options with { Time = clock });
        using TemporaryFolder folder = new();
        scene.Shell.Set("journal", folder.Combine("jobs.journal"));
        scene.Emulator.Faults.Add(new Fault(Operation.Submit) { Delay = Hour });
        using PipelineRun run = scene.Shell.Start("New-KlingEffect scene https://images.example/a.jpg -JournalPath $journal");
        await scene.ReachAsync(static emulator => emulator.Requests.Any(static request => request.IsHeld));
        Task<TimeSpan> stopped = run.StopAsync();
        await scene.Shell.Host.Screen.LineAsync("jobs.journal");
        clock.Advance(Hour);
        await stopped;

        using PipelineRun again = await scene.Shell.RunAsync("New-KlingEffect scene https://images.example/a.jpg -JournalPath $journal");
        Assert.Equal([scene.Emulator.Tasks.Single().Id], again.TaskIds);
        Assert.Equal(1, scene.Emulator.Counters.Submits);
        await scene.SettleAsync();
    }

    [EngineFact]
    public async Task What_waits_for_its_turn_is_not_sent()
    {
        FakeTimeProvider clock = new();
        await using EngineScene scene = await EngineScene.StartAsync(options => options with { Time = clock });
        scene.Emulator.Faults.Add(new Fault(Operation.Submit) { Delay = Hour });
        using PipelineRun run = scene.Shell.Start("1..50 | ForEach-Object { \"https://images.example/$_.jpg\" } | New-KlingEffect scene -ThrottleLimit 1");
        await scene.ReachAsync(static emulator => emulator.Requests.Any(static request => request.IsHeld));
        Task<TimeSpan> stopped = run.StopAsync();
        await scene.Shell.Host.Screen.LineAsync("1 submit");
        clock.Advance(Hour);
        await stopped;
        Assert.Equal(1, scene.Emulator.Counters.Submits);
        await scene.SettleAsync();
    }

    [EngineFact]
    public async Task An_id_is_shown_once_that_the_next_command_was_still_at_work_on()
    {
        const int Jobs = 3;
        FakeTimeProvider clock = new();
        await using EngineScene scene = await EngineScene.StartAsync(options => options with { Time = clock });
        scene.Emulator.Faults.Add(new Fault(Operation.Submit) { Delay = Hour, Times = Jobs });
        using PipelineRun run = scene.Shell.Start(
            $"1..{Jobs} | ForEach-Object {{ \"https://images.example/$_.jpg\" }} | New-KlingEffect scene | ForEach-Object {{ Write-Host working; Start-Sleep 600 }}");

        // The first answer takes the pipeline's thread away: by then all jobs must have come in.
        await scene.ReachAsync(static emulator => emulator.Requests.Count(static request => request.IsHeld) == Jobs);
        clock.Advance(Hour);
        await scene.Shell.Host.Screen.LineAsync("working");
        await scene.ReachAsync(static emulator => emulator.Counters.AcceptedSubmits == Jobs);
        await run.StopAsync();
        await AssertShownOnceAsync(scene, scene.Emulator.Tasks);
    }

    [EngineTheory]
    [InlineData("-ErrorAction Stop")]
    [InlineData("-ErrorAction Stop -JournalPath $journal")]
    [InlineData("2>&1 | Select-Object -First 1")]
    [InlineData("2>&1 | ForEach-Object { throw $_ }")]
    public async Task Every_doubt_is_told_of_when_the_pipeline_ends_at_the_first(string end)
    {
        const int Jobs = 8;
        FakeTimeProvider clock = new();
        await using EngineScene scene = await EngineScene.StartAsync(options => options with { Time = clock });
        using TemporaryFolder folder = new();
        scene.Shell.Set("journal", folder.Combine("jobs.journal"));
        scene.Emulator.Faults.Add(new Fault(Operation.Submit, new ResetAfter()) { Times = Jobs, Delay = Hour });
        using PipelineRun run = scene.Shell.Start(
            $"1..{Jobs} | ForEach-Object {{ [pscustomobject] @{{ Image = \"https://images.example/$_.jpg\"; ExternalTaskId = \"job-$_\" }} }} | New-KlingEffect scene {end}");
        await scene.ReachAsync(static emulator => emulator.Requests.Count(static request => request.IsHeld) == Jobs);
        clock.Advance(Hour);
        await run.Ended;

        string told = string.Join('\n', [.. scene.Shell.Host.Screen.Lines, .. run.Errors.Select(static error => error.ToString()), .. run.Output.Select(static one => $"{one}"), run.Failure?.Message ?? ""]);
        Assert.All(Enumerable.Range(1, Jobs), job => Assert.Contains($"job-{job}: ", told, StringComparison.Ordinal));
    }

    [EngineFact]
    public async Task Each_id_is_shown_once_by_the_command_that_has_it()
    {
        await using EngineScene scene = await EngineScene.StartPausedAsync();
        using PipelineRun run = scene.Shell.Start(
            "1..9 | ForEach-Object { \"https://images.example/$_.jpg\" } | New-KlingEffect scene -ThrottleLimit 1 | Wait-KlingTask -PollIntervalSec 0.05");
        await scene.ReachAsync(static emulator => emulator.Counters is { AcceptedSubmits: > 3, Queries: > 3 });
        await run.StopAsync();
        await AssertShownOnceAsync(scene, scene.Emulator.Tasks);
    }

    [EngineFact]
    public async Task An_id_that_the_user_has_is_not_shown()
    {
        await using EngineScene scene = await EngineScene.StartAsync();
        using PipelineRun run = await scene.Shell.RunAsync(
            "1..3 | ForEach-Object { \"https://images.example/$_.jpg\" } | New-KlingEffect scene -ThrottleLimit 1 | Select-Object -First 1");
        string had = Assert.Single(run.TaskIds);
        Assert.DoesNotContain(scene.Shell.Host.Screen.Lines, line => line.Contains(had, StringComparison.Ordinal));
        await AssertShownOnceAsync(scene, scene.Emulator.Tasks.Where(task => task.Id != had));
    }

    private static async Task AssertShownOnceAsync(EngineScene scene, IEnumerable<EmulatedTask> tasks)
    {
        IEnumerable<string> lines = scene.Shell.Host.Screen.Lines;
        Assert.All(tasks, task => Assert.Single(lines, line => line.Contains(task.Id, StringComparison.Ordinal)));
        await scene.SettleAsync();
    }
}
