namespace KlingEffects.Batches;

/// <summary>What a stage leaves for the pipeline thread. Failures travel as data, never as exceptions.</summary>
internal abstract record StageRecord
{
    /// <summary>The record as a line for programs.</summary>
    public string Line => this switch
    {
        Reported told => told.What.Text.ToString(),
        Caution caution => caution.Text.ToString(),
        Failure { Error: var error } => $"{error.ErrorId}: {error.Message}",
        Defect { Error: var error } => ForeignException.From(error)!.ToString(),
        _ => ToString(),
    };

    public static StageRecord From(Exception thrown) => thrown is KlingException failure ? new Failure(failure) : new Defect(thrown);

    public sealed record Output(object Value) : StageRecord;

    public sealed record Failure(KlingException Error) : StageRecord;

    public sealed record Reported(RunEvent What) : StageRecord;

    public sealed record Caution(SafeText Text) : StageRecord;

    public sealed record Question(SafeText Target, SafeText Action, TaskCompletionSource<bool> Answer) : StageRecord;

    /// <summary>A defect of this module, not of the item.</summary>
    public sealed record Defect(Exception Error) : StageRecord;
}
