using KlingEffects.Views;

namespace KlingEffects.Binding;

/// <summary>Takes jobs of Get-KlingJob, also from Export-Clixml, remoting, JSON and CSV.</summary>
internal sealed class JobTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Jobs(inputData).ToArray();

    public static KlingJob Read(Func<string, object?> property) => new()
    {
        ExternalTaskId = Text(property(nameof(KlingJob.ExternalTaskId))),
        Scene = Text(property(nameof(KlingJob.Scene))),
        Images = Texts(property(nameof(KlingJob.Images))),
        State = State(property(nameof(KlingJob.State))),
        TaskId = Text(property(nameof(KlingJob.TaskId))),
        Kind = Text(property(nameof(KlingJob.Kind))) ?? KlingTask.EffectsKind,
        Gateway = Enum.TryParse(Text(property(nameof(KlingJob.Gateway))), out KlingGatewayName gateway) ? gateway : null,
        Attempt = (int)(Number(property(nameof(KlingJob.Attempt))) ?? 1),
        Message = Text(property(nameof(KlingJob.Message))) ?? Unknown(property(nameof(KlingJob.State))),
        ErrorId = Text(property(nameof(KlingJob.ErrorId))),
        Code = Text(property(nameof(KlingJob.Code))),
        Units = Number(property(nameof(KlingJob.Units))),
        Cost = Number(property(nameof(KlingJob.Cost))),
        SubmittedAt = RowTime.Read(property(nameof(KlingJob.SubmittedAt))),
        EndedAt = RowTime.Read(property(nameof(KlingJob.EndedAt))),
        SavedAt = RowTime.Read(property(nameof(KlingJob.SavedAt))),
        Files = Texts(property(nameof(KlingJob.Files))),
        JournalPath = Text(property(nameof(KlingJob.JournalPath))) ?? "",
    };

    private static IEnumerable<KlingJob> Jobs(object? value) => PipelineValue.Unwrap(value) switch
    {
        KlingJob job => [job],
        IDictionary table => [Read(name => table[name])],
        PSObject row => [Read(name => row.Properties[name]?.Value)],
        IEnumerable list and not string => list.Cast<object?>().SelectMany(Jobs),
        null => throw Refused("Nothing is no job"),
        var other => throw Refused($"An object of type {other.GetType().Name} is no job"),
    };

    private static string? Unknown(object? state) => Enum.TryParse(Text(state), ignoreCase: true, out KlingJobState _) ? null
        : $"Its state is '{Text(state)}', which this version does not know.";

    private static KlingJobState State(object? value) => Text(value) is not { } text
        ? throw Refused("The object has no State property")
        : Enum.TryParse(text, ignoreCase: true, out KlingJobState state) ? state : KlingJobState.Uncertain;

    private static string? Text(object? value) =>
        Convert.ToString(PipelineValue.Unwrap(value), CultureInfo.InvariantCulture) is { } text && text.Trim().Length > 0 ? text : null;

    private static IReadOnlyList<string> Texts(object? value) => PipelineValue.Unwrap(value) switch
    {
        IEnumerable list and not string => [.. list.Cast<object?>().Select(Text).OfType<string>()],
        var other => TextList.Parse([Text(other)]),
    };

    // CSV has numbers in the writer's culture.
    private static decimal? Number(object? value) => Text(value) is { } text
        && (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            || decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.CurrentCulture, out number))
        ? number
        : null;

    private static ArgumentTransformationMetadataException Refused(SafeText what) =>
        PipelineValue.Unfit($"{what}: give what Get-KlingJob returns, or a row with its properties.");
}

/// <summary>Takes a job for its task.</summary>
internal sealed class JobAsTaskTransformationAttribute : ArgumentTransformationAttribute
{
    private const string Deserialized = "Deserialized.KlingEffects.KlingJob";

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => PipelineValue.Unwrap(inputData) switch
    {
        KlingJob job when job.ToTask() is { } task => task,
        PSObject row when row.TypeNames.Contains(Deserialized)
            && JobTransformationAttribute.Read(name => row.Properties[name]?.Value).ToTask() is { } task => task,
        _ => inputData,
    };
}
