using System.Diagnostics;

namespace KlingEffects.Shells;

/// <summary>The PowerShell that runs the repository's scripts, as the process that runs them: no launcher, wrapper or link stands between,
/// so that whoever ends this process ends the engine.</summary>
/// <param name="Program">The executable: pwsh itself, or dotnet.</param>
/// <param name="Assembly">What dotnet runs; null where the executable is PowerShell's own.</param>
/// <param name="Home">Its <c>$PSHOME</c>.</param>
/// <param name="Version">Its version, without the name of a preview.</param>
public sealed record PowerShellEngine(string Program, string? Assembly, string Home, Version Version)
{
    /// <summary>The environment variable that names another PowerShell than the tool manifest's: a path, or a command on PATH.</summary>
    public const string Variable = "KLING_PWSH";

    private static readonly Version s_oldest = new(7, 4);
    private static readonly Lazy<PowerShellEngine> s_found = new(static () => Choose(Named));
    private static readonly Lazy<PowerShellEngine> s_quick = new(static () => Choose(Named, Launcher.OfCompiledCopy()));

    /// <summary>The one that <see cref="Variable"/> names, or else the one of the tool manifest.</summary>
    /// <exception cref="InvalidOperationException">It does not run, or is too old for the module's net8.0 build.</exception>
    public static PowerShellEngine Find() => s_found.Value;

    /// <summary>The same, for tests: the manifest's as the copy that tools/KlingEffects.CompiledShell compiled ahead, where it did.</summary>
    /// <exception cref="InvalidOperationException">It does not run, or is too old for the module's net8.0 build.</exception>
    public static PowerShellEngine FindQuick() => s_quick.Value;

    /// <summary>How to start it.</summary>
    /// <param name="arguments">What pwsh gets.</param>
    public ProcessStartInfo Start(params IEnumerable<string> arguments) =>
        new(Program, Assembly is null ? arguments : arguments.Prepend(Assembly));

    private static string? Named => Environment.GetEnvironmentVariable(Variable);

    internal static PowerShellEngine Choose(string? named, Launcher? unnamed = null)
    {
        Launcher launcher = string.IsNullOrEmpty(named) ? unnamed ?? Launcher.OfManifest() : Launcher.Named(named);
        PowerShellEngine engine = launcher.Ask();
        return engine.Version >= s_oldest
            ? engine
            : throw new InvalidOperationException($"{launcher.Name} is PowerShell {engine.Version}; the repository's scripts need {s_oldest}.");
    }
}
