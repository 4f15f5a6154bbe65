using System.Management.Automation;
using System.Reflection;
using System.Text.Json.Nodes;
using KlingEffects.Commands;
using KlingEffects.Effects;
using KlingEffects.Journal;
using KlingEffects.Jobs;
using KlingEffects.Rows;
using KlingEffects.Tests.Hosting;

namespace KlingEffects.Tests;

/// <summary>A field of the request goes the whole way: the walk "A new field of the request" in docs/ARCHITECTURE.md. JobKeyTests hold its key.</summary>
public sealed class RequestFieldTests
{
    // What a row says of those that take no text at will.
    private static readonly Dictionary<string, object?> Cells = new(StringComparer.Ordinal)
    {
        [RowColumn.Scene] = "hug_pro",
        [RowColumn.Image] = "https://images.example/left.jpg",
        [RowColumn.SecondImage] = "https://images.example/right.jpg",
        [RowColumn.Duration] = "10",
        [RowColumn.Mode] = "pro",
        [RowColumn.CallbackUrl] = "https://hooks.example/kling",
        [RowColumn.AdditionalBody] = """{"watermark":true}""",
        [RowColumn.Gateway] = "CometApi",
    };

    private static readonly string[] Fields =
        [.. typeof(EffectJob).GetProperties().Select(static field => field.Name).Where(static name => name is not (nameof(EffectJob.Images) or nameof(EffectJob.SkipImageCheck)))];

    private static readonly KeyValuePair<string, object?>[] Row =
        [.. Fields.Concat([RowColumn.Image, RowColumn.SecondImage]).Select(static name => new KeyValuePair<string, object?>(name, Cells.GetValueOrDefault(name, "another")))];

    private static EffectJob Job => new RowSet(null, static path => path).Read([new SourceRow("row 1", Row)]).Single() is { Job: { } job, Refusal: null } ? job : throw new InvalidOperationException("The row is no job.");

    public static TheoryData<string> All => [.. Fields];

    [Theory]
    [MemberData(nameof(All))]
    public void It_is_a_column_of_a_row(string field)
    {
        Assert.True(RowColumn.Find(field) is not null, $"Rows/RowColumn.cs has no column {field}.");
        Assert.True(typeof(EffectJob).GetProperty(field)!.GetValue(Job) is not null, $"Rows/RowSet.cs does not read the column {field}.");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void It_is_a_parameter(string field) => Assert.True(
        typeof(NewKlingEffectCommand).GetProperty(field)?.GetCustomAttribute<ParameterAttribute>()?.ValueFromPipelineByPropertyName == true,
        $"Commands/NewKlingEffectCommand.cs has no parameter {field} that takes a row's cell.");

    [Theory]
    [MemberData(nameof(All))]
    public void It_is_sent(string field)
    {
        EffectJob without = Job with { };
        PropertyInfo member = typeof(EffectJob).GetProperty(field)!;
        member.SetValue(without, field == nameof(EffectJob.Scene) ? "" : null);
        Assert.True(
            field == nameof(EffectJob.Gateway) || EffectBody.DescribeForWhatIf(Job) != EffectBody.DescribeForWhatIf(without),
            $"Effects/EffectBody.cs does not write {field}.");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void It_is_in_the_journal_if_it_changes_what_is_made(string field) => Assert.True(
        field == nameof(EffectJob.AdditionalBody) || JobKey.NoContent.Contains(field) || typeof(JournalEntry).GetProperty(field) is not null,
        $"Journal/JournalEntry.cs has no {field}.");

    [Fact]
    public void Its_name_is_one_that_an_additional_body_must_spell_as_the_api_does()
    {
        JsonObject sent = JsonNode.Parse(EffectBody.DescribeForWhatIf(Job with { AdditionalBody = null }))!.AsObject();
        string[] bodies =
        [
            .. sent.Select(static member => "{\"" + member.Key.ToUpperInvariant() + "\":{}}"),
            .. sent["input"]!.AsObject().Select(static member => "{\"input\":{\"" + member.Key.ToUpperInvariant() + "\":1}}"),
        ];
        Assert.All(bodies, static body => Assert.True(
            Xunit.Record.Exception(() => AdditionalBody.Parse(body)) is KlingException, $"Jobs/AdditionalBody.cs takes {body}, which the API spells otherwise."));
    }

    [EngineFact]
    public async Task The_command_sends_what_the_row_says()
    {
        await using EngineScene scene = await EngineScene.StartAsync();
        PSObject row = new();
        foreach (KeyValuePair<string, object?> cell in Row)
        {
            row.Properties.Add(new PSNoteProperty(cell.Key, cell.Value));
        }

        scene.Shell.Set("row", row);
        using PipelineRun run = await scene.Shell.RunAsync("$row | New-KlingEffect");
        string? sent = Assert.Single(scene.Emulator.Requests, static request => request.Operation == Operation.Submit).BodyText;
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(EffectBody.DescribeForWhatIf(Job)), JsonNode.Parse(sent!)),
            $"Commands/NewKlingEffectCommand.cs sends {sent} of a row that is {EffectBody.DescribeForWhatIf(Job)}.");
    }
}
