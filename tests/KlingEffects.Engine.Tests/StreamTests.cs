using System.Diagnostics;
using System.Management.Automation;
using KlingEffects.Tests.Hosting;

namespace KlingEffects.Tests;

/// <summary>What goes into which stream.</summary>
public sealed class StreamTests
{
    private const string WaitActivity = "Waiting for Kling tasks";

    [EngineFact]
    public async Task Tasks_come_out_in_the_order_in_which_they_end()
    {
        await using EngineScene scene = await EngineScene.StartPausedAsync();
        string[] ids = scene.AddTasks(3);
        scene.Shell.Set("ids", ids);
        using PipelineRun run = scene.Shell.Start("$ids | Wait-KlingTask -PollIntervalSec 0.05");
        foreach (int index in (int[])[2, 0, 1])
        {
            int before = run.Output.Count;
            scene.Emulator.FindTask(ids[index])!.Succeed();
            await run.OutputAsync(before + 1);
        }

        await run.Ended;
        Assert.Null(run.Failure);
        Assert.Equal([ids[2], ids[0], ids[1]], run.TaskIds);
        await scene.SettleAsync();
    }

    [EngineFact]
    public async Task Each_change_of_state_is_a_verbose_line()
    {
        await using EngineScene scene = await EngineScene.StartPausedAsync();
        using PipelineRun run = scene.Shell.Start("'https://images.example/a.jpg' | New-KlingEffect scene -Verbose | Wait-KlingTask -PollIntervalSec 0.05 -Verbose");
        await scene.ReachAsync(static emulator => emulator.Counters.Queries >= 2);
        string id = scene.Emulator.Tasks.Single().Id;
        scene.Emulator.FindTask(id)!.Succeed();
        await run.Ended;
        Assert.Collection(
            run.Verbose.Where(line => line.Contains(id, StringComparison.Ordinal)),
            line => Assert.StartsWith($"{id} submitted", line, StringComparison.Ordinal),
            line => Assert.Equal($"{id} is Processing", line),
            line => Assert.Equal($"{id} ended: Succeed", line));
        await scene.SettleAsync();
    }

    [EngineFact]
    public async Task A_failed_task_is_one_error_of_the_whole_pipeline_and_the_rest_goes_on()
    {
        await using EngineScene scene = await EngineScene.StartPausedAsync();
        using TemporaryFolder folder = new();
        string[] ids = scene.AddTasks(3);
        scene.Emulator.FindTask(ids[0])!.Succeed();
        scene.Emulator.FindTask(ids[1])!.Fail("no face in the image");
        scene.Emulator.FindTask(ids[2])!.Succeed();
        scene.Shell.Set("ids", ids);
        scene.Shell.Set("folder", folder.Path);
        using PipelineRun run = await scene.Shell.RunAsync("$ids | Wait-KlingTask -PollIntervalSec 0.05 | Save-KlingVideo $folder");
        Assert.Null(run.Failure);
        ErrorRecord error = Assert.Single(run.Errors);
        Assert.Equal("KlingTaskFailed", run.ErrorIds[0]);
        Assert.Equal(ids[1], Assert.IsType<KlingTask>(error.TargetObject).TaskId);
        Assert.Contains("no face in the image", error.ToString(), StringComparison.Ordinal);
        Assert.Equal([ids[0] + ".mp4", ids[2] + ".mp4"], run.Output.Cast<FileInfo>().Select(static file => file.Name).Order());
        await scene.SettleAsync();
    }

    [EngineFact]
    public async Task Work_that_is_done_at_once_shows_no_progress()
    {
        await using EngineScene scene = await EngineScene.StartAsync();
        scene.Shell.Set("ids", scene.AddTasks(1));
        TimeSpan took;
        do
        {
            scene.Shell.Host.Screen.Clear();
            long begun = Stopwatch.GetTimestamp();
            using PipelineRun run = await scene.Shell.RunAsync("$ids | Get-KlingTask");
            took = Stopwatch.GetElapsedTime(begun);
            Assert.Single(run.Output);
        }
        while (took > TimeSpan.FromSeconds(1));

        Assert.DoesNotContain(scene.Shell.Host.Screen.Progress, static record => record.Activity.Contains("Kling", StringComparison.Ordinal));
    }

    [EngineTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Progress_is_shown_after_a_second_and_taken_away_however_the_work_ends(bool stop)
    {
        await using EngineScene scene = await EngineScene.StartPausedAsync();
        string[] ids = scene.AddTasks(2);
        scene.Shell.Set("ids", ids);
        using PipelineRun run = scene.Shell.Start("$ids | Wait-KlingTask -PollIntervalSec 0.05");
        scene.Emulator.FindTask(ids[0])!.Fail("no face");
        RecordingHostInterface screen = scene.Shell.Host.Screen;
        ProgressRecord shown = await screen.ProgressAsync(WaitActivity, "2 submitted, 1 processing, 0 done, 1 failed");
        Assert.Equal((50, ProgressRecordType.Processing), (shown.PercentComplete, shown.RecordType));

        if (stop)
        {
            await run.StopAsync();
        }
        else
        {
            scene.Emulator.FindTask(ids[1])!.Succeed();
            await run.Ended;
        }

        Assert.All(
            screen.Progress.Where(record => record.ActivityId == shown.ActivityId).GroupBy(static record => record.ActivityId),
            static records => Assert.Equal(ProgressRecordType.Completed, records.Last().RecordType));
        await scene.SettleAsync();
    }
}
