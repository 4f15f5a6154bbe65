using System.Management.Automation;
using KlingEffects.Rows;

namespace KlingEffects.Binding;

/// <summary>
/// Takes whole seconds, and an empty cell of a table for a parameter that was not given. Refuses what is no number: PowerShell
/// itself would leave out a cell that it can't convert, and the job would be paid for with another length.
/// </summary>
internal sealed class SecondsTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        RowValue.Read(inputData, static value => CellReader.Seconds(value));
}
