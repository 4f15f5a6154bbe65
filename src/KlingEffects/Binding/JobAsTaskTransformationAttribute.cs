using System.Management.Automation;

namespace KlingEffects.Binding;

/// <summary>Takes a job of a journal for its task, with what the journal says of it.</summary>
internal sealed class JobAsTaskTransformationAttribute : ArgumentTransformationAttribute
{
    private const string Deserialized = "Deserialized.KlingEffects.KlingJob";

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => PipelineValue.Unwrap(inputData) switch
    {
        KlingJob job when job.ToTask() is { } task => task,
        PSObject row when row.TypeNames.Contains(Deserialized) && Read(row).ToTask() is { } task => task,
        _ => inputData,
    };

    private static KlingJob Read(PSObject row) => new()
    {
        TaskId = Value<string>(row, nameof(KlingJob.TaskId)),
        ExternalTaskId = Value<string>(row, nameof(KlingJob.ExternalTaskId)),
        State = Value<KlingJobState>(row, nameof(KlingJob.State)),
        Message = Value<string>(row, nameof(KlingJob.Message)),
        Kind = Value<string>(row, nameof(KlingJob.Kind)) ?? KlingTask.EffectsKind,
        Gateway = Value<KlingGatewayName?>(row, nameof(KlingJob.Gateway)),
        Scene = Value<string>(row, nameof(KlingJob.Scene)),
        Images = TextList.From(Value<string[]>(row, nameof(KlingJob.Images)) ?? []),
        Units = Value<decimal?>(row, nameof(KlingJob.Units)),
        Cost = Value<decimal?>(row, nameof(KlingJob.Cost)),
        SubmittedAt = Value<DateTimeOffset?>(row, nameof(KlingJob.SubmittedAt)),
        EndedAt = Value<DateTimeOffset?>(row, nameof(KlingJob.EndedAt)),
        Files = Value<string[]>(row, nameof(KlingJob.Files)) ?? [],
        JournalPath = Value<string>(row, nameof(KlingJob.JournalPath)) ?? "",
    };

    private static T? Value<T>(PSObject row, string name) =>
        row.Properties[name]?.Value is { } value && LanguagePrimitives.TryConvertTo(value, out T converted) ? converted : default;
}
