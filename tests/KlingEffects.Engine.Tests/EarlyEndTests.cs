using KlingEffects.Tests.Hosting;

namespace KlingEffects.Tests;

/// <summary>Pipelines that end before all is done: what is under way is cancelled, or the tests would wait for it for ever.</summary>
public sealed class EarlyEndTests
{
    private static readonly string[] Heads =
    [
        "$ids | Get-KlingTask",
        "$ids | Wait-KlingTask -PollIntervalSec 0.05",
        "$ids | Save-KlingVideo $folder",
        "$ids | Wait-KlingTask -PollIntervalSec 0.05 | Save-KlingVideo $folder",
    ];

    public static TheoryData<string, string> Ends
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string head in Heads)
            {
                data.Add($"{head} | Select-Object -First 1", "");
                data.Add($"{head} | ForEach-Object {{ throw 'enough' }}", "enough");
                data.Add($"foreach ($once in 1) {{ {head} | ForEach-Object {{ break }} }}", "");
                data.Add($"foreach ($once in 1) {{ {head} | ForEach-Object {{ continue }} }}", "");
                data.Add($"{head} | ForEach-Object {{ Write-Error 'enough' -ErrorAction Stop }}", "enough");
                data.Add($"{head} | ForEach-Object {{ Get-Item /no/such/thing -ErrorAction Stop }}", "no");
            }

            return data;
        }
    }

    [EngineTheory]
    [MemberData(nameof(Ends))]
    public async Task Downstream_ends_it(string script, string reason)
    {
        await using EngineScene scene = await EngineScene.StartPausedAsync();
        using TemporaryFolder folder = new();
        string[] ids = Prepare(scene, folder);
        using PipelineRun run = await scene.Shell.RunAsync(script);
        Assert.Equal(reason.Length > 0, run.Failure is not null);
        Assert.Contains(reason, run.Failure?.Message ?? "", StringComparison.Ordinal);
        await NextWorksAsync(scene, ids[0]);
    }

    [EngineFact]
    public async Task Its_own_error_ends_it_under_ErrorAction_Stop()
    {
        await using EngineScene scene = await EngineScene.StartPausedAsync();
        using TemporaryFolder folder = new();
        string[] ids = Prepare(scene, folder);
        scene.Emulator.FindTask(ids[1])!.Fail("no face");
        using PipelineRun run = await scene.Shell.RunAsync("$ids[1..3] | Wait-KlingTask -PollIntervalSec 0.05 -ErrorAction Stop | Save-KlingVideo $folder");
        Assert.Contains("no face", run.Failure?.Message, StringComparison.Ordinal);
        await NextWorksAsync(scene, ids[0]);
    }

    [EngineFact]
    public async Task A_wait_that_is_cut_off_leaves_the_submits_of_its_pipeline_answered()
    {
        await using EngineScene scene = await EngineScene.StartPausedAsync();
        using PipelineRun run = scene.Shell.Start(
            "1..3 | ForEach-Object { \"https://images.example/$_.jpg\" } | New-KlingEffect scene | Wait-KlingTask -PollIntervalSec 0.05 | Select-Object -First 1");
        await scene.ReachAsync(static emulator => emulator.Counters is { AcceptedSubmits: 3, Queries: > 3 });
        scene.Emulator.Tasks[0].Succeed();
        await run.Ended;
        Assert.Equal([scene.Emulator.Tasks[0].Id], run.TaskIds);
        await NextWorksAsync(scene, scene.Emulator.Tasks[1].Id);
    }

    // The first task is done; of the others neither task nor answer nor video ever comes to an end.
    private static string[] Prepare(EngineScene scene, TemporaryFolder folder)
    {
        string[] ids = scene.AddTasks(4);
        scene.Emulator.FindTask(ids[0])!.Succeed();
        foreach (string id in ids[2..])
        {
            scene.Emulator.Faults.Add(new Fault(Operation.Query) { TaskId = id, Delay = EngineScene.UntilEnded, Times = Fault.Forever });
        }

        scene.Shell.Set("ids", ids);
        scene.Shell.Set("folder", folder.Path);
        return ids;
    }

    private static async Task NextWorksAsync(EngineScene scene, string id)
    {
        await scene.SettleAsync();
        scene.Emulator.Faults.Clear();
        scene.Shell.Set("id", id);
        using PipelineRun next = await scene.Shell.RunAsync("Get-KlingTask $id");
        Assert.Equal([id], next.TaskIds);
    }
}
