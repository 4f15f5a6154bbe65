namespace KlingEffects.Binding;

/// <summary>Reads a parameter as the batch reads its column. PowerShell itself would omit a value that it can't convert, or convert a
/// list, a date or a rounded number to another text, and the wrong job would be paid for.</summary>
internal sealed class CellTransformationAttribute(string column) : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => column switch
    {
        RowColumn.ExternalTaskId => PipelineValue.ReadCell(inputData, CellReader.Id),
        RowColumn.Duration => PipelineValue.ReadCell(inputData, static value => CellReader.Seconds(value)),
        RowColumn.Gateway => PipelineValue.ReadCell(inputData, static value => CellReader.Gateway(value)),
        _ => PipelineValue.Unwrap(inputData) switch
        {
            string text when column != RowColumn.Mode && (text.Length == 0 || text[0] != '#') => inputData,
            string or IList or DateTime or DateTimeOffset or float or double or decimal =>
                PipelineValue.ReadCell(inputData, value => CellReader.Text(value, column)),
            _ => inputData,
        },
    };
}
