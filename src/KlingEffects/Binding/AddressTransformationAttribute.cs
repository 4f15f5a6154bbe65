namespace KlingEffects.Binding;

/// <summary>Converts text to an address. PowerShell itself would show an invalid one with its login.</summary>
internal sealed class AddressTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => PipelineValue.Unwrap(inputData) switch
    {
        string text when Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out Uri? address) => address,
        string text => throw PipelineValue.Unfit($"'{ServerText.WithoutQuery(text)}' is no address."),
        var other => other,
    };
}
