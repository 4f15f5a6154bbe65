namespace KlingEffects;

/// <summary>Begins lines and errors about a job with the user's own id.</summary>
internal static class SubjectName
{
    /// <summary>The prefix of derived ids, by which nobody knows a job.</summary>
    public const string Derived = "ke-";

    public static string Before(string? externalTaskId) =>
        string.IsNullOrWhiteSpace(externalTaskId) || externalTaskId!.StartsWith(Derived, StringComparison.Ordinal) ? ""
            : $"{externalTaskId}: ";

    public static KlingException Named(KlingException error) =>
        Before(error.ExternalTaskId) is { Length: > 0 } name && !error.Message.StartsWith(name, StringComparison.Ordinal)
            ? error.With($"{name}{error.Message}")
            : error;
}
