using System.Management.Automation;

namespace KlingEffects.Binding;

/// <summary>Takes the <c>Mode</c> of a file from the pipeline, such as <c>-a---</c>, for a parameter that was not given.</summary>
internal sealed class FileModeAsMissingAttribute : ArgumentTransformationAttribute
{
    private const string Letters = "-adrhsl";
    private const int ShortestMode = 5;

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is string { Length: >= ShortestMode } text && text.All(Letters.Contains)
            ? null
            : inputData;
}
