using System.ComponentModel;
using System.Diagnostics;

namespace KlingEffects.Tests;

/// <summary>The PowerShell that a user of this machine gets by typing pwsh.</summary>
/// <param name="Executable">The full path of pwsh.</param>
/// <param name="Home">Its <c>$PSHOME</c>, where the engine is.</param>
/// <param name="Version">Its version.</param>
/// <param name="Runtime">The .NET that it runs on.</param>
/// <param name="Pester">The newest Pester 5 that it finds; null without one.</param>
internal sealed record PowerShellInstallation(string Executable, string Home, Version Version, Version Runtime, Version? Pester)
{
    public const string NotOnPath = "pwsh is not on PATH";

    private const string Question = """
        $ErrorActionPreference = 'Stop'
        $PSHOME
        "$($PSVersionTable.PSVersion)" -replace '-.*'
        "$([Environment]::Version)"
        "$((Get-Module Pester -ListAvailable).Where{ $_.Version.Major -eq 5 }.Version | Sort-Object -Bottom 1)"
        """;

    private static readonly Lazy<PowerShellInstallation?> s_found = new(Ask);

    /// <summary>Null where there is no pwsh on PATH.</summary>
    /// <exception cref="InvalidOperationException">There is one, and it does not work.</exception>
    public static PowerShellInstallation? Find() => s_found.Value;

    private static PowerShellInstallation? Ask()
    {
        string name = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        string? executable = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
        if (executable is null)
        {
            return null;
        }

        ProcessStartInfo start = new(executable, ["-NoProfile", "-NonInteractive", "-Command", Question])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        start.Environment["NO_COLOR"] = "1";
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            string[] answers = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries);
            process.WaitForExit();
            return process.ExitCode == 0 && answers.Length >= 4
                ? new PowerShellInstallation(executable, answers[0], Version.Parse(answers[1]), Version.Parse(answers[2]), Version.TryParse(answers[3], out Version? pester) ? pester : null)
                : throw new InvalidOperationException($"{executable} ended with {process.ExitCode} when it was asked for its version.");
        }
        catch (Win32Exception refused)
        {
            throw new InvalidOperationException($"{executable} does not start: {refused.Message}", refused);
        }
    }
}
