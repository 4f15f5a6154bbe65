using System.Management.Automation;

namespace KlingEffects.Binding;

/// <summary>What the binder is told of a value that fits no parameter.</summary>
internal static class Unfit
{
    public static ArgumentTransformationMetadataException Value(SafeText what) => new(what.ToString());
}
