using System.Management.Automation;
using KlingEffects.Api.Gateways;

namespace KlingEffects.Binding;

/// <summary>Takes a gateway by its name, or by its number as JSON has it, and an empty cell of a table for one that was not given.</summary>
internal sealed class GatewayTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => PipelineValue.Unwrap(inputData) switch
    {
        null or DBNull => null,
        string text when string.IsNullOrWhiteSpace(text) => null,
        KlingGatewayName name => name,
        var other => Named(FormattableString.Invariant($"{other}").Trim()),
    };

    private static KlingGatewayName Named(string text) =>
        KlingGateway.All.FirstOrDefault(gateway => text.Equals($"{gateway.Name}", StringComparison.OrdinalIgnoreCase) || text == $"{gateway.Name:D}")?.Name
        ?? throw Unfit.Value(
            $"'{text}' is no gateway: give {string.Join(" or ", KlingGateway.All.Select(static gateway => gateway.Name))}.");
}
