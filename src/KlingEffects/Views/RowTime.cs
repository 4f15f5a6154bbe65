using System.Text.RegularExpressions;

namespace KlingEffects.Views;

/// <summary>Instants as objects from the pipeline have them, live, deserialised or as text.</summary>
internal static class RowTime
{
    private static readonly Regex IsoDate = new(@"^\s*\d{4}-\d\d-\d\d", RegexOptions.CultureInvariant);

    public static DateTimeOffset? Read(object? value) =>
        (value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value) switch
    {
        DateTimeOffset offset => offset,
        DateTime time => time,
        string text => Parse(text),
        // as it comes from Import-Clixml
        PSObject row when row.Properties[nameof(DateTimeOffset.UtcTicks)]?.Value is long ticks => new DateTimeOffset(ticks, TimeSpan.Zero),
        _ => null,
    };

    // A year first is ISO 8601's, in whatever calendar the user's dates are; else it is as this session writes dates, Export-Csv among
    // what does, or as an invariant one does.
    private static DateTimeOffset? Parse(string text) =>
        (!IsoDate.IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.CurrentCulture, DateTimeStyles.None, out DateTimeOffset told))
            || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out told)
            ? told
            : null;
}
