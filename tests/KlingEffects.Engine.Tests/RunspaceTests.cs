using KlingEffects.Commands;
using KlingEffects.Tests.Hosting;

namespace KlingEffects.Tests;

/// <summary>Several pipelines of one process at once.</summary>
public sealed class RunspaceTests
{
    [EngineFact]
    public async Task Runspaces_do_not_get_in_each_others_way()
    {
        const int Runspaces = 4;
        const int Jobs = 8;
        await using EngineScene scene = await EngineScene.StartAsync();
        using TemporaryFolder folder = new();
        PipelineRun[] runs = await Task.WhenAll(Enumerable.Range(0, Runspaces).Select(async number =>
        {
            Shell shell = scene.OpenShell();
            shell.Set("number", number);
            shell.Set("folder", folder.Combine($"{number}"));
            return await shell.RunAsync($$"""
                1..{{Jobs}} | ForEach-Object { [pscustomobject] @{ Image = "https://images.example/$_.jpg"; ExternalTaskId = "$number-$_" } } |
                    New-KlingEffect scene | Wait-KlingTask -PollIntervalSec 0.05 | Save-KlingVideo $folder -Name '{ExternalTaskId}'
                """);
        }));

        for (int number = 0; number < Runspaces; number++)
        {
            Assert.Empty(runs[number].Errors);
            Assert.Equal(
                Enumerable.Range(1, Jobs).Select(job => $"{number}-{job}.mp4"),
                runs[number].Output.Cast<FileInfo>().Select(static file => file.Name).Order());
            runs[number].Dispose();
        }

        await scene.SettleAsync();
        Assert.Equal(Runspaces * Jobs, scene.Emulator.Counters.AcceptedSubmits);
    }

    [EngineFact]
    public async Task Defaults_of_one_runspace_are_not_those_of_another()
    {
        await using EngineScene scene = await EngineScene.StartAsync();
        string[] ids = scene.AddTasks(1);
        using Shell stranger = new(scene.Emulator.BaseUri, "sk-another");
        scene.Shell.Set("ids", ids);
        stranger.Set("ids", ids);
        PipelineRun[] runs = await Task.WhenAll(scene.Shell.RunAsync("1..20 | ForEach-Object { $ids | Get-KlingTask }"), stranger.RunAsync("1..20 | ForEach-Object { $ids | Get-KlingTask }"));
        Assert.Equal((20, 0), (runs[0].Output.Count, runs[0].Errors.Count));
        Assert.Equal((0, 20), (runs[1].Output.Count, runs[1].Errors.Count));
        Assert.All(runs[1].ErrorIds, static id => Assert.Equal("KlingUnauthorized", id));
        Array.ForEach(runs, static run => run.Dispose());
    }

    [EngineFact]
    public async Task Stopping_one_pipeline_leaves_the_others_alone()
    {
        await using EngineScene scene = await EngineScene.StartPausedAsync();
        string[] ids = scene.AddTasks(1);
        Shell other = scene.OpenShell();
        scene.Shell.Set("ids", ids);
        other.Set("ids", ids);
        using PipelineRun stopped = scene.Shell.Start("$ids | Wait-KlingTask -PollIntervalSec 0.05");
        using PipelineRun goesOn = other.Start("$ids | Wait-KlingTask -PollIntervalSec 0.05");
        await scene.ReachAsync(static emulator => emulator.Counters.Queries > 6);
        await stopped.StopAsync();
        scene.Emulator.FindTask(ids[0])!.Succeed();
        await goesOn.Ended;
        Assert.Empty(stopped.Output);
        Assert.Equal(ids, goesOn.TaskIds);
        await scene.SettleAsync();
    }

    [EngineFact]
    public async Task The_module_works_in_parallel_blocks()
    {
        await using EngineScene scene = await EngineScene.StartAsync();
        string[] ids = scene.AddTasks(4);
        scene.Shell.Set("ids", ids);
        scene.Shell.Set("module", typeof(WaitKlingTaskCommand).Assembly.Location);
        scene.Shell.Set("uri", scene.Emulator.BaseUri);
        scene.Shell.Set("key", scene.Emulator.ApiKey);
        using PipelineRun run = await scene.Shell.RunAsync("""
            $ids | ForEach-Object -ThrottleLimit 4 -Parallel { Import-Module $using:module; $_ | Wait-KlingTask -BaseUri $using:uri -ApiKey $using:key }
            """);
        Assert.Empty(run.Errors);
        Assert.Equal(ids.Order(), run.TaskIds.Order());
        await scene.SettleAsync();
    }
}
