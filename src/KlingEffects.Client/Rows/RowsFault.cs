namespace KlingEffects.Rows;

/// <summary>Why rows cannot be a batch.</summary>
internal static class RowsFault
{
    /// <param name="source">The file, or null for rows that came without one.</param>
    /// <param name="message">What is wrong, as a sentence that names the lines.</param>
    /// <param name="remedy">What to do about it.</param>
    /// <param name="cause">The failure of the file system, if there was one.</param>
    public static KlingException Create(string? source, SafeText message, SafeText remedy, Exception? cause = null) =>
        new(KlingErrorId.RowsInvalid, source is null ? message : $"'{source}': {message}", cause)
        {
            Target = source,
            RecommendedAction = $"{remedy} Nothing was sent, and the reports of the last run are as they were.",
        };
}
