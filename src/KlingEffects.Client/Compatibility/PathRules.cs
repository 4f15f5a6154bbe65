namespace KlingEffects;

/// <summary>Paths that .NET Framework refuses, with exceptions of its own in almost every method.</summary>
internal static class PathRules
{
    private static readonly bool AreInForce =
        RuntimeInformation.FrameworkDescription.StartsWith(".NET Framework", StringComparison.Ordinal);

    /// <summary>Why the text is no valid path here, as the end of a sentence; or null.</summary>
    public static string? Fault(string path) => AreInForce ? FrameworkFault(path) : null;

    public static string? FrameworkFault(string path) =>
        path.Any(static c => c is < ' ' or '"' or '<' or '>' or '|')
            ? "it has a character that no path has (\" < > | or a control character)"
        : path.IndexOf(':') is var colon and >= 0 && path.IndexOf(':', colon + 1) >= 0 ? "it has a second colon"
        : null;
}
