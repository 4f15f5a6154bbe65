using System.Management.Automation;
using KlingEffects.Tests.Hosting;

namespace KlingEffects.Tests;

/// <summary>What the cmdlets that take tasks take for one.</summary>
public sealed class BindingTests
{
    public static TheoryData<string, string> Forms
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string cmdlet in (string[])["Get-KlingTask", "Wait-KlingTask -PollIntervalSec 0.05"])
            {
                data.Add(cmdlet, "$ids |");
                data.Add(cmdlet, "$ids | Get-KlingTask |");
                data.Add(cmdlet, "$ids | ForEach-Object { [bigint] $_ } |");
                data.Add(cmdlet, "$ids | ForEach-Object { [pscustomobject] @{ TaskId = $_ } } |");
                data.Add(cmdlet, "$ids | ForEach-Object { [pscustomobject] @{ task_id = [long] $_; Kind = '' } } |");
                data.Add(cmdlet, "$ids | ForEach-Object { [pscustomobject] @{ Id = $_; Kind = 'effects'; ExternalTaskId = '' } } |");
                data.Add(cmdlet, "$ids | ForEach-Object { @{ TaskId = $_ } } |");
                data.Add(cmdlet, "$ids | Get-KlingTask | ConvertTo-Json | ConvertFrom-Json |");
                data.Add(cmdlet, "$ids | Get-KlingTask | ConvertTo-Csv | ConvertFrom-Csv |");
            }

            return data;
        }
    }

    [EngineTheory]
    [MemberData(nameof(Forms))]
    public async Task Ids_and_whatever_holds_one_are_tasks(string cmdlet, string form)
    {
        await using EngineScene scene = await EngineScene.StartAsync();
        string[] ids = scene.AddTasks(3);
        scene.Shell.Set("ids", ids);
        using PipelineRun run = await scene.Shell.RunAsync($"{form} {cmdlet}");
        Assert.Null(run.Failure);
        Assert.Empty(run.Errors);
        Assert.Equal(ids.Order(), run.TaskIds.Order());
        await scene.SettleAsync();
    }

    [EngineTheory]
    [InlineData("Get-KlingTask -ExternalTaskId $null", 0)]
    [InlineData("Get-KlingTask -ExternalTaskId ' ', $null", 2)]
    [InlineData("Get-KlingTask -JournalPath \"/tmp/a`0b\"", 1)]
    [InlineData("New-KlingEffect hug https://images.example/a.jpg -JournalPath \"/tmp/a`0b\"", 1)]
    [InlineData("New-KlingEffect hug \"/tmp/a`0b\"", 1)]
    [InlineData("New-KlingEffect hug \"a`0b\"", 1)]
    [InlineData("Get-KlingTask -JournalPath \"a`0b\"", 1)]
    [InlineData("Save-KlingVideo -TaskId 1 -Destination \"a`0b\"", 1)]
    [InlineData("New-KlingEffect hug 'https://images.example/a.jpg', $null", 1)]
    [InlineData("New-KlingEffect hug '', 'https://images.example/a.jpg'", 1)]
    [InlineData("[pscustomobject] @{ Image = ''; SecondImage = 'https://h/b.jpg?sig=SECRET' } | New-KlingEffect hug", 1)]
    [InlineData("New-KlingEffect hug ('image/png;base64,iVBORw0KGgo' + 'SECRET' * 1000)", 1)]
    [InlineData("New-KlingEffect hug (' /9j/' + 'SECRET' * 1000)", 1)]
    [InlineData("Save-KlingVideo -TaskId 1 -Destination \"/tmp/a`0b\"", 1)]
    public async Task What_is_no_input_is_a_clear_error_that_repeats_nothing_secret(string command, int errors)
    {
        await using EngineScene scene = await EngineScene.StartAsync();
        using PipelineRun run = await scene.Shell.RunAsync(command);
        ErrorRecord[] all = [.. run.Errors, .. run.Failure is IContainsErrorRecord terminating ? [terminating.ErrorRecord] : Array.Empty<ErrorRecord>()];
        Assert.Equal(errors, all.Length);
        Assert.All(all, static error =>
        {
            Assert.IsType<KlingException>(error.Exception);
            Assert.DoesNotContain("SECRET", $"{error} {error.Exception} {error.TargetObject}", StringComparison.Ordinal);
        });
        Assert.Empty(run.Output);
        Assert.Empty(scene.Emulator.Requests);
    }

    [EngineTheory]
    [InlineData("-AdditionalBody @{ note = \"a $key\" }")]
    [InlineData("-AdditionalBody @{ input = @{ notes = @(1, @{ deep = $key }) } }")]
    [InlineData("-CallbackUrl \"https://hooks.example/?k=$key\"")]
    [InlineData("-ExternalTaskId $key")]
    [InlineData("-Mode $key")]
    public async Task The_key_goes_to_the_API_as_the_login_alone(string parameter)
    {
        await using EngineScene scene = await EngineScene.StartAsync();
        scene.Shell.Set("key", scene.Emulator.ApiKey);
        using PipelineRun run = await scene.Shell.RunAsync($"New-KlingEffect hug https://images.example/a.jpg {parameter}");
        ErrorRecord error = Assert.Single(run.Errors);
        Assert.Equal(KlingErrorId.InvalidRequest, Assert.IsType<KlingException>(error.Exception).Id);
        Assert.Contains("has the API key in it", error.Exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(scene.Emulator.ApiKey, $"{error} {error.Exception}", StringComparison.OrdinalIgnoreCase);
        Assert.Empty(run.Output);
        Assert.Empty(scene.Emulator.Requests);
    }

    [EngineTheory]
    [InlineData("Get-KlingTask $ids")]
    [InlineData("Get-KlingTask -Id $ids")]
    [InlineData("Wait-KlingTask $ids")]
    [InlineData("Wait-KlingTask -TaskId (Get-KlingTask $ids)")]
    public async Task Ids_can_be_arguments(string command)
    {
        await using EngineScene scene = await EngineScene.StartAsync();
        string[] ids = scene.AddTasks(2);
        scene.Shell.Set("ids", ids);
        using PipelineRun run = await scene.Shell.RunAsync(command);
        Assert.Empty(run.Errors);
        Assert.Equal(ids.Order(), run.TaskIds.Order());
    }

    [EngineTheory]
    [InlineData("Get-Process -Id $PID | Get-KlingTask")]
    [InlineData("Get-Item / | Wait-KlingTask")]
    [InlineData("@{ foo = 'bar' } | Save-KlingVideo $folder")]
    [InlineData("[pscustomobject] @{ foo = 'bar' } | Get-KlingTask")]
    [InlineData("1.459e18 | Wait-KlingTask")]
    [InlineData("'no id at all' | Get-KlingTask")]
    [InlineData("'a/../b?c' | Get-KlingTask")]
    [InlineData("'' | Wait-KlingTask")]
    public async Task Rubbish_is_refused_before_anything_is_sent(string command)
    {
        await using EngineScene scene = await EngineScene.StartAsync();
        using TemporaryFolder folder = new();
        scene.Shell.Set("folder", folder.Path);
        using PipelineRun run = await scene.Shell.RunAsync(command);
        Assert.Empty(run.Output);
        Assert.NotEmpty(run.Errors);
        Assert.All(run.Errors, static error => Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category));
        Assert.Empty(scene.Emulator.Requests);
    }

    [EngineFact]
    public async Task A_live_task_keeps_what_answers_do_not_tell()
    {
        await using EngineScene scene = await EngineScene.StartAsync();
        using PipelineRun run = await scene.Shell.RunAsync("""
            $task = New-KlingEffect a_scene https://images.example/a.jpg -ExternalTaskId mine
            $task | Wait-KlingTask -PollIntervalSec 0.05
            $task | Get-KlingTask
            """);
        Assert.Empty(run.Errors);
        Assert.Equal(2, run.Output.Count);
        Assert.All(run.Output.Cast<KlingTask>(), static task => Assert.Equal(("a_scene", "mine", KlingTaskStatus.Succeed), (task.Scene, task.ExternalTaskId, task.Status)));
        await scene.SettleAsync();
    }

    [EngineFact]
    public async Task The_kind_comes_from_the_object_or_the_parameter()
    {
        await using EngineScene scene = await EngineScene.StartAsync();
        scene.Shell.Set("id", scene.Emulator.AddTask("image2video").Id);
        using PipelineRun run = await scene.Shell.RunAsync("""
            Get-KlingTask $id -Kind image2video
            [pscustomobject] @{ TaskId = $id; Kind = 'image2video' } | Wait-KlingTask
            Get-KlingTask $id
            """);
        Assert.Equal(["image2video", "image2video"], run.Output.Cast<KlingTask>().Select(static task => task.Kind));
        Assert.Equal(["KlingTaskNotFound"], run.ErrorIds);
        await scene.SettleAsync();
    }
}
