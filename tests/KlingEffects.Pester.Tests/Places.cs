using System.Reflection;

namespace KlingEffects.Tests;

/// <summary>Where the build left what the tests work on.</summary>
internal static class Places
{
    public static string RepositoryRoot => Told(nameof(RepositoryRoot));

    /// <summary>The stand-alone emulator's assembly.</summary>
    public static string Emulator => Told(nameof(Emulator));

    /// <summary>The manifest of the package Pester.</summary>
    public static string Pester => Told(nameof(Pester));

    /// <summary>The manifest that users of a clone import.</summary>
    public static string Manifest => Path.Combine(RepositoryRoot, "KlingEffects.psd1");

    private static string Told(string key) =>
        typeof(Places).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(told => told.Key == key).Value!;
}
