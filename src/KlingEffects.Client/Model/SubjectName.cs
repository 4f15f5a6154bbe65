namespace KlingEffects;

/// <summary>How every line and error about one job begins: with the user's own id, where there is one.</summary>
internal static class SubjectName
{
    /// <summary>How an id begins that was derived for a job without one: nobody knows the job by it.</summary>
    public const string Derived = "ke-";

    public static string Before(string? externalTaskId) =>
        string.IsNullOrWhiteSpace(externalTaskId) || externalTaskId!.StartsWith(Derived, StringComparison.Ordinal) ? ""
            : $"{externalTaskId}: ";

    /// <summary>The failure, its message begun so, unless it is already.</summary>
    public static KlingException Named(KlingException error) =>
        Before(error.ExternalTaskId) is { Length: > 0 } name && !error.Message.StartsWith(name, StringComparison.Ordinal)
            ? error.With($"{name}{error.Message}")
            : error;
}
