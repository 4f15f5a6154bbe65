using System.Collections;
using System.Management.Automation;

namespace KlingEffects.Binding;

/// <summary>Takes images as text, URIs, files, or rows that hold them; refuses objects that would be taken for a path by their description.</summary>
internal sealed class ImageTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] Names = ["Image", "FullName", "Path"];

    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Texts(inputData).ToArray();

    private static IEnumerable<string> Texts(object? value) => PipelineValue.Unwrap(value) switch
    {
        null or DBNull => [""],
        string text => [text],
        Uri uri => [uri.OriginalString],
        FileInfo file => [file.FullName],
        PSObject row when PipelineValue.First(row, Names, out object? image) => Texts(image),
        IEnumerable list and not IDictionary => list.Cast<object?>().SelectMany(Texts),
        PSObject => throw Refused("The object has no Image property"),
        var other when PipelineValue.First(PSObject.AsPSObject(other), Names, out object? image) => Texts(image),
        var other => throw Refused($"An object of type {other.GetType().Name} is no image"),
    };

    private static ArgumentTransformationMetadataException Refused(SafeText what) =>
        Unfit.Value($"{what}: give a path, an http(s) URL or a data: URI.");
}
