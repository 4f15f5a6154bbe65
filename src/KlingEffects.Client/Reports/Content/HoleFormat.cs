namespace KlingEffects.Reports.Content;

/// <summary>Formats whatever stands in the holes of an interpolated text by one rule, so that no value goes in as it is.</summary>
internal sealed class HoleFormat(Func<object?, string> rule) : IFormatProvider, ICustomFormatter
{
    public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

    public string Format(string? format, object? arg, IFormatProvider? formatProvider) => rule(arg);
}
