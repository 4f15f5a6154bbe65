using System.Globalization;
using System.Management.Automation;

namespace KlingEffects.Views;

/// <summary>Instants as objects from the pipeline have them, live, deserialised or as text.</summary>
internal static class RowTime
{
    public static DateTimeOffset? Read(object? value) => (value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value) switch
    {
        DateTimeOffset offset => offset,
        DateTime time => time,
        string text => Parse(text),
        // as it comes from Import-Clixml
        PSObject row when row.Properties[nameof(DateTimeOffset.UtcTicks)]?.Value is long ticks => new DateTimeOffset(ticks, TimeSpan.Zero),
        _ => null,
    };

    // Export-Csv writes times in the culture of its session.
    private static DateTimeOffset? Parse(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.CurrentCulture, DateTimeStyles.None, out DateTimeOffset time)
        || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out time)
            ? time
            : null;
}
