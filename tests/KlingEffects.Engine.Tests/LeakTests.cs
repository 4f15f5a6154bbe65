using System.Runtime.CompilerServices;
using KlingEffects.Pipeline;
using KlingEffects.Tests.Hosting;

namespace KlingEffects.Tests;

/// <summary>What a pipeline leaves behind: the objects that the user keeps, and nothing of the stage that made them.</summary>
public sealed class LeakTests
{
    [EngineTheory]
    [InlineData("$ids | Wait-KlingTask -PollIntervalSec 0.05", false)]
    [InlineData("$ids | Wait-KlingTask -PollIntervalSec 0.05", true)]
    [InlineData("$ids | Wait-KlingTask -PollIntervalSec 0.05 | Select-Object -First 2", false)]
    public async Task Tasks_that_are_kept_do_not_keep_their_stage(string script, bool stop)
    {
        await using EngineScene scene = await EngineScene.StartPausedAsync();
        (WeakReference stage, KlingTask kept) = await RunAsync(scene, script, stop);
        await scene.SettleAsync();
        Assert.True(IsCollected(stage), "Something holds the stage although its pipeline has ended.");
        Assert.NotEmpty(kept.TaskId);
    }

    private static async Task<(WeakReference Stage, KlingTask Kept)> RunAsync(EngineScene scene, string script, bool stop)
    {
        string[] ids = scene.AddTasks(3);
        using Shell shell = scene.OpenShell();
        shell.Set("ids", ids);
        using PipelineRun run = shell.Start(script);
        scene.Emulator.FindTask(ids[0])!.Succeed();
        await run.OutputAsync(1);
        KlingTask kept = (KlingTask)run.Output[0];
        WeakReference stage = StageOf(kept);
        if (stop)
        {
            await run.StopAsync();
        }
        else
        {
            scene.Emulator.FindTask(ids[1])!.Succeed();
            await run.OutputAsync(2);
            scene.Emulator.FindTask(ids[2])!.Succeed();
            await run.Ended;
        }

        return (stage, kept);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference StageOf(KlingTask task)
    {
        Pump? stage = Assert.IsType<PipelineLink>(task.Context.Origin).Owner;
        Assert.NotNull(stage);
        return new WeakReference(stage);
    }

    private static bool IsCollected(WeakReference reference)
    {
        for (int attempt = 0; attempt < 10 && reference.IsAlive; attempt++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return !reference.IsAlive;
    }
}
