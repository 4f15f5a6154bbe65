using KlingEffects.Emulator;
using KlingEffects.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace KlingEffects.Tests;

/// <summary>Ctrl+C in whatever a stage is doing: the prompt is back, no request lives on, and the next pipeline works.</summary>
public sealed class StopTests
{
    // Far above what it takes, far below every timeout of the client.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    [EngineFact]
    public Task While_polling() => StopsAsync(
        "$ids | Wait-KlingTask -PollIntervalSec 0.05", static emulator => emulator.Counters.Queries > 10);

    [EngineFact]
    public Task While_asleep_between_polls() => StopsAsync(
        "$ids | Wait-KlingTask -PollIntervalSec 3600", static emulator => emulator.Requests.Count(static request => request.IsOver) == 4);

    [EngineFact]
    public Task While_an_answer_is_due() => StopsAsync(
        "$ids | Get-KlingTask",
        static emulator => emulator.Counters.InFlight == 4,
        new Fault(Operation.Query) { Delay = EngineScene.UntilEnded, Times = Fault.Forever });

    [EngineFact]
    public Task While_the_body_of_an_answer_has_stalled() => StopsAsync(
        "$ids | Wait-KlingTask",
        static emulator => emulator.Requests.Count(static request => request.Status == 200) == 4,
        new Fault(Operation.Query, new Stall(10)) { Times = Fault.Forever });

    [EngineFact]
    public Task While_a_download_has_stalled() => StopsAsync(
        "$ids | Save-KlingVideo $folder",
        static emulator => emulator.Requests.Count(static request => request is { AtVideoHost: true, Status: not null }) == 4,
        new Fault(Operation.Video, new Stall(5000)) { Times = Fault.Forever });

    [EngineFact]
    public Task While_the_input_waits_for_room() => StopsAsync(
        "1..200 | ForEach-Object { $ids[0] } | Get-KlingTask -ThrottleLimit 2",
        static emulator => emulator.Counters.InFlight == 2,
        new Fault(Operation.Query) { Delay = EngineScene.UntilEnded, Times = Fault.Forever });

    [EngineFact]
    public async Task While_the_output_is_full()
    {
        const int Throttle = 32;
        FakeTimeProvider clock = new();
        await using EngineScene scene = await EngineScene.StartAsync(options => options with { Time = clock });
        scene.Emulator.Faults.Add(new Fault(Operation.Query) { Delay = TimeSpan.FromHours(1), Times = Throttle });
        scene.Shell.Set("id", scene.AddTasks(1)[0]);
        using PipelineRun run = scene.Shell.Start(
            $"1..200 | ForEach-Object {{ Write-Host \"item $_.\"; $id }} | Get-KlingTask -ThrottleLimit {Throttle} | ForEach-Object {{ Start-Sleep -Seconds 3600 }}");
        await scene.ReachAsync(static emulator => emulator.Requests.Count(static request => request.IsHeld) == Throttle);
        await scene.Shell.Host.Screen.LineAsync($"item {(2 * Throttle) + 1}.");
        clock.Advance(TimeSpan.FromHours(1));

        // One object is slept on, so many wait in the channel, and the worker of the next one for room in it.
        await scene.ReachAsync(static emulator => emulator.Requests.Count(static request => request.IsOver) > 1 + Throttle);
        Assert.InRange(await run.StopAsync(), TimeSpan.Zero, Soon);
        await scene.SettleAsync();
        using PipelineRun next = await scene.Shell.RunAsync("$id | Get-KlingTask");
        Assert.Single(next.Output);
    }

    [EngineFact]
    public async Task While_connecting()
    {
        using SilentServer server = new();
        using Shell shell = new(server.Uri, "sk-nobody");
        using PipelineRun run = shell.Start("Get-KlingTask 123");
        await server.ConnectedAsync();
        Assert.InRange(await run.StopAsync(), TimeSpan.Zero, Soon);
        using PipelineRun next = await shell.RunAsync("1 + 1");
        Assert.Equal([2], next.Output);
    }

    [EngineFact]
    public async Task While_it_begins()
    {
        await using EngineScene scene = await EngineScene.StartPausedAsync();
        scene.Shell.Set("ids", scene.AddTasks(4));
        for (int round = 0; round < 100; round++)
        {
            using PipelineRun run = scene.Shell.Start("$ids | Wait-KlingTask -PollIntervalSec 3600");
            Thread.SpinWait(round * 1000);
            Assert.InRange(await run.StopAsync(), TimeSpan.Zero, Soon);
        }

        await scene.SettleAsync();
    }

    [EngineFact]
    public async Task At_any_moment_of_a_whole_pipeline()
    {
        await using EngineScene scene = await EngineScene.StartAsync(static options => options with { GenerationTime = TimeSpan.FromMilliseconds(100) });
        using TemporaryFolder folder = new();
        scene.Shell.Set("folder", folder.Path);
        for (int moment = 1; moment <= 24; moment++)
        {
            scene.Emulator.Reset();
            using PipelineRun run = scene.Shell.Start("""
                1..6 | ForEach-Object { "https://images.example/$_.jpg" } | New-KlingEffect scene |
                    Wait-KlingTask -PollIntervalSec 0.05 | Save-KlingVideo $folder
                """);
            await scene.ReachAsync(emulator => emulator.Requests.Count >= moment, run);
            Assert.InRange(await run.StopAsync(), TimeSpan.Zero, Soon);
            await scene.SettleAsync();
            Assert.Empty(run.Errors);
        }

        using PipelineRun whole = await scene.Shell.RunAsync("'https://images.example/a.jpg' | New-KlingEffect scene | Wait-KlingTask | Save-KlingVideo $folder");
        Assert.Single(whole.Output);
    }

    private static async Task StopsAsync(string script, Func<KlingEmulator, bool> reached, Fault? fault = null)
    {
        await using EngineScene scene = await EngineScene.StartPausedAsync();
        using TemporaryFolder folder = new();
        string[] ids = scene.AddTasks(4);
        scene.Shell.Set("ids", ids);
        scene.Shell.Set("folder", folder.Path);
        if (fault is { Operation: Operation.Video })
        {
            Array.ForEach([.. scene.Emulator.Tasks], static task => task.Succeed());
        }

        if (fault is not null)
        {
            scene.Emulator.Faults.Add(fault);
        }

        using PipelineRun run = scene.Shell.Start(script);
        Assert.True(await scene.ReachAsync(reached, run), $"It ended before it was stopped: {run.Failure} {string.Join(' ', run.Errors)}");
        Assert.InRange(await run.StopAsync(), TimeSpan.Zero, Soon);
        await scene.SettleAsync();

        scene.Emulator.Faults.Clear();
        using PipelineRun next = await scene.Shell.RunAsync("$ids | Get-KlingTask");
        Assert.Equal(ids.Order(), next.TaskIds.Order());
    }
}
