namespace KlingEffects.Tests;

/// <summary>Which of its two builds the client is.</summary>
internal static class BuildUnderTest
{
    public static bool IsNetStandard { get; } =
        typeof(KlingClient).Assembly.GetReferencedAssemblies().Any(static name => name.Name == "netstandard");
}
