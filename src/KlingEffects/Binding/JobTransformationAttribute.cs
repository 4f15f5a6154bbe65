using System.Collections;
using System.Management.Automation;

namespace KlingEffects.Binding;

/// <summary>Takes jobs as Get-KlingJob gives them, and as they come back from Export-Clixml, a background job, remoting, JSON and CSV.</summary>
internal sealed class JobTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Jobs(inputData).ToArray();

    private static IEnumerable<KlingJob> Jobs(object? value) => PipelineValue.Unwrap(value) switch
    {
        KlingJob job => [job],
        IDictionary table => [JobRow.Read(name => table[name])],
        PSObject row => [JobRow.Read(name => row.Properties[name]?.Value)],
        IEnumerable list and not string => list.Cast<object?>().SelectMany(Jobs),
        null => throw JobRow.Refused("Nothing is no job"),
        var other => throw JobRow.Refused($"An object of type {other.GetType().Name} is no job"),
    };
}
