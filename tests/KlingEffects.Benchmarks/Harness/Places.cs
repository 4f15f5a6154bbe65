namespace KlingEffects.Benchmarks.Harness;

/// <summary>Where the contenders and their parts are.</summary>
internal static class Places
{
    /// <summary>The manifest of the module in this repository.</summary>
    public static string Module { get; } = FindModule();

    public static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Scripts", name);

    /// <summary>A program on PATH.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static string Program(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException($"The benchmarks need {name} on PATH.");

    private static string FindModule()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string manifest = Path.Combine(folder.FullName, "KlingEffects.psd1");
            if (File.Exists(manifest))
            {
                return manifest;
            }
        }

        throw new FileNotFoundException("The benchmarks run from the repository, whose module they measure.");
    }
}
