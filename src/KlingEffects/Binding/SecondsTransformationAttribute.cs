using System.Globalization;
using System.Management.Automation;

namespace KlingEffects.Binding;

/// <summary>
/// Takes whole seconds, and an empty cell of a table for a parameter that was not given. Refuses what is no number: PowerShell
/// itself would leave out a cell that it can't convert, and the job would be paid for with another length.
/// </summary>
internal sealed class SecondsTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => PipelineValue.Unwrap(inputData) switch
    {
        string text when string.IsNullOrWhiteSpace(text) => null,
        null => null,
        string text => Whole(text.Trim()),
        var number => Whole(number),
    };

    private static int Whole(object value) =>
        LanguagePrimitives.TryConvertTo(value, CultureInfo.InvariantCulture, out decimal seconds)
        && seconds == decimal.Truncate(seconds) && seconds is >= int.MinValue and <= int.MaxValue
            ? (int)seconds
            : throw Refused(FormattableString.Invariant($"{value}"));

    private static ArgumentTransformationMetadataException Refused(string text) =>
        new($"'{ServerText.Clean(text)}' is no length in whole seconds: most scenes take 5, some 10.");
}
