using System.Management.Automation;
using KlingEffects.Rows;

namespace KlingEffects.Binding;

/// <summary>Takes a gateway by its name, or by its number as JSON has it, and an empty cell of a table for one that was not given.</summary>
internal sealed class GatewayTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        RowValue.Read(inputData, static value => CellReader.Gateway(value));
}
