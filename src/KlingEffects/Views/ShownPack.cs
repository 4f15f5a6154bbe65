namespace KlingEffects.Views;

/// <summary>What the views show of a resource pack, live or deserialised.</summary>
public static class ShownPack
{
    /// <summary>The day on which it ends, in local time, of the calendar that the API's dates have.</summary>
    /// <param name="pack">The pack.</param>
    public static string EndsAt(PSObject pack) =>
        RowTime.Read(pack.Properties[nameof(KlingResourcePack.EndsAt)]?.Value) is { } end ? end.LocalDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";
}
