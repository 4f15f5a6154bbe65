namespace KlingEffects.Rows;

internal static class RowsFault
{
    /// <summary>Why rows cannot be a batch; the source is their file, or null for rows that came without one.</summary>
    public static KlingException Create(string? source, SafeText message, string remedy, Exception? cause = null) => new(
        KlingErrorId.RowsInvalid, source is null ? message : $"'{source}': {message}", cause,
        advice: $"{remedy} Nothing was sent, and the reports of the last run are as they were.", target: source);
}
