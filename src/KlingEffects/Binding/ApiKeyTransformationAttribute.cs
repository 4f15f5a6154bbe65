using System.Net;

namespace KlingEffects.Binding;

/// <summary>Takes a key as a SecureString, as Get-Secret gives it, or as a string.</summary>
internal sealed class ApiKeyTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            string text => new NetworkCredential("", text).SecurePassword,
            PSCredential credential => credential.Password,
            var other => other,
        };
}
