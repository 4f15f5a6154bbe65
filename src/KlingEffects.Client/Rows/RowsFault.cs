namespace KlingEffects.Rows;

internal static class RowsFault
{
    /// <summary>An error about rows; the source is their file, or null.</summary>
    public static KlingException Create(string? source, SafeText message, string remedy, Exception? cause = null) => new(
        KlingErrorId.RowsInvalid, source is null ? message : $"'{source}': {message}", cause,
        advice: $"{remedy} Nothing was sent, and the reports of the last run are as they were.", target: source);
}
