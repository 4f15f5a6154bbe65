using System.Text.RegularExpressions;

namespace KlingEffects.Views;

internal static class RowTime
{
    private static readonly Regex IsoDate = new(@"^\s*\d{4}-\d\d-\d\d", RegexOptions.CultureInvariant);

    public static DateTimeOffset? Read(object? value) =>
        (value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value) switch
    {
        DateTimeOffset offset => offset,
        DateTime time => time,
        string text => Parse(text),
        // from Import-Clixml
        PSObject row when row.Properties[nameof(DateTimeOffset.UtcTicks)]?.Value is long ticks => new DateTimeOffset(ticks, TimeSpan.Zero),
        _ => null,
    };

    // ISO 8601 in any calendar of the user; else by the session's culture, as Export-Csv writes it, or the invariant one.
    private static DateTimeOffset? Parse(string text) =>
        (!IsoDate.IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.CurrentCulture, DateTimeStyles.None, out DateTimeOffset told))
            || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out told)
            ? told
            : null;
}
