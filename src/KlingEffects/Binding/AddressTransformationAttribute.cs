namespace KlingEffects.Binding;

/// <summary>Makes an address of a text. PowerShell itself would show one that is none, with the login in it.</summary>
internal sealed class AddressTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => PipelineValue.Unwrap(inputData) switch
    {
        string text when Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out Uri? address) => address,
        string text => throw PipelineValue.Unfit($"'{ServerText.WithoutQuery(text)}' is no address."),
        var other => other,
    };
}
