using KlingEffects.Emulator;
using KlingEffects.Pipeline;
using KlingEffects.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace KlingEffects.Tests;

/// <summary>A stage that waits lends the pipeline's one thread to the stages behind it, by objects that nobody else ever sees.</summary>
public sealed class TurnTests
{
    private const string Poll = "-PollIntervalSec 0.05";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [EngineFact]
    public async Task The_first_file_is_out_while_a_later_submit_is_under_way()
    {
        await using Batch batch = await Batch.StartAsync($"$jobs | New-KlingEffect scene | Wait-KlingTask {Poll} | Save-KlingVideo $folder");
        await batch.SucceedAsync("early");
        await batch.Run.OutputAsync(1);
        Assert.False(batch.Run.Ended.IsCompleted);
        Assert.Contains(batch.Scene.Emulator.Requests, static request => request.IsHeld);

        await batch.ReleaseAsync();
        await batch.SucceedAsync("late");
        await batch.EndAsync();
        Assert.All(batch.Run.Output, static file => Assert.IsType<FileInfo>(file));
        Assert.Equal(2, batch.Run.Output.Count);
    }

    [EngineFact]
    public async Task The_first_file_is_out_while_a_later_task_is_under_way()
    {
        await using Batch batch = await Batch.StartAsync($"$jobs | New-KlingEffect scene | Wait-KlingTask {Poll} | Save-KlingVideo $folder");
        await batch.ReleaseAsync();
        await batch.SucceedAsync("early");
        await batch.Run.OutputAsync(1);
        Assert.False(batch.Run.Ended.IsCompleted);
        await batch.SucceedAsync("late");
        await batch.EndAsync();
        Assert.Equal(2, batch.Run.Output.Count);
    }

    [EngineTheory]
    [InlineData("Where-Object { See $_; $true }")]
    [InlineData("ForEach-Object { See $_; $_ }")]
    [InlineData("Tee-Object -Variable tee")]
    [InlineData("Sort-Object TaskId -OutVariable tee")]
    [InlineData("& { process { See $_; $_ } }")]
    [InlineData("& { $input | ForEach-Object { See $_; $_ } }")]
    public Task A_command_between_two_stages_sees_tasks_only(string between) => SeesTasksOnlyAsync(
        $"$jobs | New-KlingEffect scene | {between} | Wait-KlingTask {Poll} | Save-KlingVideo $folder; See $tee");

    [EngineTheory]
    [InlineData("function Wait-Mine { process { See $_; $_ | Wait-KlingTask -PollIntervalSec 0.05 } }")]
    [InlineData("function Wait-Mine { process { See $_; Write-Output $_ | Wait-KlingTask -PollIntervalSec 0.05 } }")]
    [InlineData("function Wait-Mine { $input | ForEach-Object { See $_; $_ } | Wait-KlingTask -PollIntervalSec 0.05 }")]
    [InlineData("filter Wait-Mine { See $_; $_ | Wait-KlingTask -PollIntervalSec 0.05 }")]
    public Task A_function_around_a_stage_sees_tasks_only(string function) => SeesTasksOnlyAsync(
        $"{function}\n$jobs | New-KlingEffect scene | Wait-Mine | Save-KlingVideo $folder");

    [EngineTheory]
    [InlineData("Wait-KlingTask -PollIntervalSec 0.05")]
    [InlineData("ForEach-Object { See $_; $_ } | Wait-KlingTask -PollIntervalSec 0.05")]
    [InlineData("ForEach-Object { See $_; $_ } | Wait-KlingTask -PollIntervalSec 0.05 | ForEach-Object { See $_; $_ }")]
    public Task A_proxy_of_a_stage_sees_tasks_only(string wrapped) => SeesTasksOnlyAsync($$"""
        function Wait-Mine {
            [CmdletBinding()] param([Parameter(ValueFromPipeline)] $Task)
            begin { $inner = { {{wrapped}} }.GetSteppablePipeline(); $inner.Begin($true) }
            process { See $Task; $inner.Process($Task) }
            end { $inner.End() }
        }
        $jobs | New-KlingEffect scene | Wait-Mine | Save-KlingVideo $folder
        """);

    [EngineTheory]
    [InlineData("-OutVariable observed", "")]
    [InlineData("-PipelineVariable observed", "| ForEach-Object { See $observed }")]
    [InlineData("-ov observed", "")]
    public async Task What_a_stage_is_told_to_keep_is_tasks_only(string parameter, string tail)
    {
        await SeesTasksOnlyAsync($"$jobs | New-KlingEffect scene {parameter} | Wait-KlingTask {Poll} | Save-KlingVideo $folder {tail}; See $observed");
        await SeesTasksOnlyAsync($"$jobs | New-KlingEffect scene | Wait-KlingTask {Poll} {parameter} | Save-KlingVideo $folder {tail}; See $observed");
    }

    [EngineFact]
    public Task What_a_stage_is_told_to_keep_by_default_is_tasks_only() => SeesTasksOnlyAsync($$"""
        $PSDefaultParameterValues['New-KlingEffect:OutVariable'] = 'observed'
        $jobs | New-KlingEffect scene | Wait-KlingTask {{Poll}} | Save-KlingVideo $folder; See $observed
        """);

    [EngineFact]
    public Task Pipelines_in_pipelines_see_tasks_only() => SeesTasksOnlyAsync($$"""
        $jobs | New-KlingEffect scene | ForEach-Object { See $_; $_ | Wait-KlingTask {{Poll}} | ForEach-Object { See $_; $_ | Save-KlingVideo $folder } }
        """);

    [EngineTheory]
    [InlineData("Out-Null")]
    [InlineData("Measure-Object")]
    public async Task The_end_of_a_pipeline_may_be_anything(string end)
    {
        await using Batch batch = await Batch.StartAsync($"$jobs | New-KlingEffect scene | Wait-KlingTask {Poll} | {end} | Out-String");
        await batch.ReleaseAsync();
        await batch.SucceedAsync("early");
        await batch.SucceedAsync("late");
        await batch.EndAsync();
    }

    private static async Task SeesTasksOnlyAsync(string script)
    {
        await using Batch batch = await Batch.StartAsync("function See($Task) { foreach ($one in $Task) { $null = $seen.Add($one) } }\n" + script);
        await batch.SucceedAsync("early");

        // By then New-KlingEffect has looked several times whether it could lend its thread.
        await batch.Scene.Shell.Host.Screen.ProgressAsync("Submitting Kling effects");
        await batch.ReleaseAsync();
        await batch.SucceedAsync("late");
        await batch.EndAsync();
        Assert.DoesNotContain(batch.Seen, static item => ReferenceEquals(item, PipelineLink.Turn));
        Assert.NotEmpty(batch.Seen);
        Assert.Equal(2, Directory.GetFiles(batch.Folder.Path, "*.mp4").Length);
    }

    /// <summary>Two jobs: one is submitted at once, the other's submit is held until it is released.</summary>
    private sealed class Batch(EngineScene scene, FakeTimeProvider clock, TemporaryFolder folder) : IAsyncDisposable
    {
        private readonly System.Collections.ArrayList _seen = [];

        public EngineScene Scene => scene;

        public TemporaryFolder Folder => folder;

        public PipelineRun Run { get; private set; } = null!;

        public IEnumerable<object?> Seen => _seen.ToArray().Select(static item => item is System.Management.Automation.PSObject wrapped ? wrapped.BaseObject : item);

        public static async Task<Batch> StartAsync(string script)
        {
            FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
            EngineScene scene = await EngineScene.StartAsync(options => options with { Time = clock, GenerationTime = EngineScene.UntilEnded });
            scene.Emulator.Faults.Add(new Fault(Operation.Submit) { ExternalTaskId = "late", Delay = Hour });
            Batch batch = new(scene, clock, new TemporaryFolder());
            scene.Shell.Set("folder", batch.Folder.Path);
            scene.Shell.Set("seen", batch._seen);
            batch.Run = scene.Shell.Start($$"""
                $jobs = 'early', 'late' | ForEach-Object { [pscustomobject] @{ Image = "https://images.example/$_.jpg"; ExternalTaskId = $_ } }
                {{script}}
                """);
            return batch;
        }

        public async Task ReleaseAsync()
        {
            await ReachAsync(static emulator => emulator.Requests.Any(static request => request.IsHeld));
            clock.Advance(Hour);
            await ReachAsync(static emulator => emulator.Tasks.Count == 2);
        }

        public async Task SucceedAsync(string externalId)
        {
            await ReachAsync(emulator => emulator.Tasks.Any(task => task.ExternalId == externalId));
            scene.Emulator.Tasks.Single(task => task.ExternalId == externalId).Succeed();
        }

        public async Task EndAsync()
        {
            await Run.Ended;
            Assert.Null(Run.Failure);
            Assert.Empty(Run.Errors);
            await scene.SettleAsync();
        }

        public async ValueTask DisposeAsync()
        {
            Run.Dispose();
            await scene.DisposeAsync();
            folder.Dispose();
        }

        private async Task ReachAsync(Func<KlingEmulator, bool> state) =>
            Assert.True(await scene.ReachAsync(state, Run), $"The script ended. {Run.Failure} {string.Join(' ', Run.Errors)}");
    }
}
