using System.Management.Automation;
using System.Management.Automation.Runspaces;
using KlingEffects.Tests.Hosting;

namespace KlingEffects.Tests;

/// <summary>What the progress of a batch tells, in a real host.</summary>
public sealed class ProgressTests
{
    private const string Submits = "Submitting Kling effects";
    private const string Waits = "Waiting for Kling tasks";

    [EngineFact]
    public async Task A_pipeline_tells_what_is_submitted_processing_done_and_failed_and_what_the_limit_holds_back()
    {
        await using EngineScene scene = await EngineScene.StartAsync(static options => options with { GenerationTime = EngineScene.UntilEnded, ParallelLimit = 4 });
        using PipelineRun run = scene.Shell.Start(
            "1..10 | ForEach-Object { \"https://images.example/$_.jpg\" } | New-KlingEffect scene -Verbose | Wait-KlingTask -PollIntervalSec 0.05 -Verbose");
        RecordingHostInterface screen = scene.Shell.Host.Screen;

        ProgressRecord submitting = await screen.ProgressAsync(Submits, "4 of 10 submitted; the account's limit holds 6 back");
        ProgressRecord waiting = await screen.ProgressAsync(Waits, "4 of 10 submitted, 4 processing, 0 done; the account's limit holds 6 back");
        Assert.Equal((40, 0, -1), (submitting.PercentComplete, waiting.PercentComplete, waiting.SecondsRemaining));

        scene.Emulator.Tasks[0].Fail("no face");
        scene.Emulator.Tasks[1].Succeed();
        await scene.ReachAsync(static emulator => emulator.Counters.AcceptedSubmits == 6);
        await screen.ProgressAsync(Waits, "6 of 10 submitted, 4 processing, 1 done, 1 failed; the account's limit holds 4 back");

        while (!run.Ended.IsCompleted)
        {
            foreach (var task in scene.Emulator.Tasks.Where(static task => task.State is not (TaskState.Succeed or TaskState.Failed)).ToArray())
            {
                task.Succeed();
            }

            await Task.WhenAny(run.Ended, Task.Delay(50, TestContext.Current.CancellationToken));
        }

        Assert.Null(run.Failure);
        string[] held = [.. run.Verbose.Where(static line => line.StartsWith("submits ", StringComparison.Ordinal))];
        Assert.Equal(2, held.Length);
        Assert.Contains("1303", held[0], StringComparison.Ordinal);
        Assert.Matches(@"^submits get through again, after \d+ s$", held[1]);
        await scene.SettleAsync();
    }

    [EngineFact]
    public async Task The_time_left_is_told_once_the_batch_has_shown_it()
    {
        await using EngineScene scene = await EngineScene.StartAsync(
            static options => options with { GenerationTime = TimeSpan.FromSeconds(4), GenerationSpread = TimeSpan.FromSeconds(3) });
        scene.Shell.Set("ids", scene.AddTasks(60));
        using PipelineRun run = await scene.Shell.RunAsync("$ids | Wait-KlingTask -PollIntervalSec 0.1");
        ProgressRecord[] shown = [.. scene.Shell.Host.Screen.Progress.Where(static record => record.Activity == Waits && record.RecordType == ProgressRecordType.Processing)];
        Assert.Equal(-1, shown[0].SecondsRemaining);
        Assert.Contains(shown, static record => record.SecondsRemaining is > 0 and < 30);
        Assert.Equal(60, run.Output.Count);
        await scene.SettleAsync();
    }

    [EngineFact]
    public async Task Rows_are_taken_in_ahead_so_that_it_is_known_how_many_there_are_and_pictures_in_rows_are_not()
    {
        await using EngineScene scene = await EngineScene.StartAsync(static options => options with { GenerationTime = EngineScene.UntilEnded, ParallelLimit = 2 });
        using PipelineRun many = scene.Shell.Start("$global:count = 0; 1..1500 | ForEach-Object { $global:count++; \"https://images.example/$_.jpg\" } | New-KlingEffect scene");
        await scene.Shell.Host.Screen.ProgressAsync(Submits, "2 of 1002 submitted; the account's limit holds 1000 back");
        await many.StopAsync();
        Assert.Equal(2, scene.Emulator.Tasks.Count);

        scene.Shell.Host.Screen.Clear();
        scene.Shell.Set("picture", "data:image/png;base64," + Convert.ToBase64String(TestImages.Png(400, 400, 9_000_000)));
        using PipelineRun large = scene.Shell.Start("1..100 | ForEach-Object { [pscustomobject]@{ Image = $picture; ExternalTaskId = \"row-$_\" } } | New-KlingEffect scene");
        // Their pictures are 63 of 64 MB.
        await scene.Shell.Host.Screen.ProgressAsync(Submits, "0 of 7 submitted; the account's limit holds 7 back");
        await large.StopAsync();
    }

    [EngineFact]
    public async Task Each_request_is_a_debug_line_in_the_stream_of_its_cmdlet()
    {
        await using EngineScene scene = await EngineScene.StartAsync();
        using TemporaryFolder folder = new();
        scene.Shell.Set("folder", folder.Path);
        using PipelineRun run = await scene.Shell.RunAsync(
            "$DebugPreference = 'Continue'; 'https://images.example/a.jpg' | New-KlingEffect scene | Wait-KlingTask -PollIntervalSec 0.05 | Save-KlingVideo $folder");
        Assert.Null(run.Failure);
        Assert.Empty(run.Verbose);
        string id = scene.Emulator.Tasks.Single().Id;
        Assert.StartsWith("POST /kling/v1/videos/effects: 200, ", run.Debug[0], StringComparison.Ordinal);
        Assert.StartsWith($"GET /kling/v1/videos/effects/{id}: 200, ", run.Debug[1], StringComparison.Ordinal);
        Assert.Matches(@"^GET http://127\.0\.0\.1:\d+/[^?]+\.mp4: 200, \d+ ms$", run.Debug[^1]);
        Assert.Equal(scene.Emulator.Counters.Queries + 2, run.Debug.Count);
    }

    [EngineFact]
    public async Task A_minute_of_a_batch_is_a_verbose_line_with_the_numbers_of_its_progress()
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.Commands.Add(new SessionStateCmdletEntry("Measure-Minute", typeof(MeasureMinuteCommand), null));
        using Runspace runspace = RunspaceFactory.CreateRunspace(new RecordingHost(), state);
        runspace.Open();
        using PipelineRun run = new(runspace, "Measure-Minute -Verbose");
        await run.Ended;
        Assert.Null(run.Failure);
        Assert.Equal(
            [
                "Minutes of a batch, after 60 s: 3 of 10 made, 1 failed; about 2 min left",
                "Minutes of a batch, after 2 min: 7 of 10 made, 1 failed; about 30 s left",
            ],
            run.Verbose);
    }
}
