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
        null or DBNull => null,
        string text => Whole(text, Number(text)),
        bool or char => throw Refused(FormattableString.Invariant($"{inputData}")),
        var number => Whole(number, LanguagePrimitives.TryConvertTo(number, CultureInfo.InvariantCulture, out decimal seconds) ? seconds : null),
    };

    // No thousands, suffixes or other bases: '5,0' is half of the world's 5, and would be another half's 50.
    private static decimal? Number(string text) =>
        decimal.TryParse(text.Trim(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds) ? seconds : null;

    private static int Whole(object given, decimal? seconds) =>
        seconds is >= int.MinValue and <= int.MaxValue && seconds == decimal.Truncate(seconds.Value)
            ? (int)seconds
            : throw Refused(FormattableString.Invariant($"{given}"));

    private static ArgumentTransformationMetadataException Refused(string text) =>
        Unfit.Value($"'{text}' is no length in whole seconds: most scenes take 5, some 10.");
}
