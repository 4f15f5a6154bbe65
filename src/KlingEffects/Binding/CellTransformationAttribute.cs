using System.Collections;
using System.Management.Automation;
using KlingEffects.Rows;

namespace KlingEffects.Binding;

/// <summary>
/// Takes a cell's text: a list of one is its element. Refuses other lists, dates and rounded numbers, of which PowerShell itself would leave
/// the cell out, or make another text.
/// </summary>
internal sealed class CellTransformationAttribute(string column) : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        column == RowColumn.ExternalTaskId ? RowValue.Read(inputData, static value => CellReader.Id(value))
        : PipelineValue.Unwrap(inputData) is IList or DateTime or DateTimeOffset or float or double or decimal ? RowValue.Read(inputData, value => CellReader.Text(value, column))
        : inputData;
}
