using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace KlingEffects.Shells;

/// <summary>A command that starts PowerShell somehow: itself, a dotnet tool, a script, a link.</summary>
/// <param name="Name">What to call it in messages.</param>
/// <param name="Program">The file that is started.</param>
/// <param name="Prefix">What it gets before PowerShell's arguments.</param>
internal sealed record Launcher(string Name, string Program, params string[] Prefix)
{
    // One line, whatever a launcher itself prints before, and in whatever encoding the console is.
    private const string Question = """
        $ProgressPreference = 'SilentlyContinue'
        $told = (Get-Process -Id $PID).Path, [Environment]::GetCommandLineArgs()[0], $PSHOME, ($PSVersionTable.PSVersion -replace '-.*')
        [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($told -join "`n"))
        """;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private static string RepositoryRoot => Told(nameof(RepositoryRoot));

    private static string DotNet =>
        IsDotNet(Environment.ProcessPath) ? Environment.ProcessPath! : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static string Told(string key) =>
        typeof(Launcher).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(told => told.Key == key).Value!;

    private static bool IsDotNet(string? program) => Path.GetFileNameWithoutExtension(program) == "dotnet";

    /// <summary>The tool that the build restores.</summary>
    public static Launcher OfManifest() => new(
        "The pwsh of .config/dotnet-tools.json (dotnet tool restore installs it)", DotNet, "tool", "run", "pwsh", "--");

    /// <summary>The copy of that tool that is compiled ahead; null where the build made none.</summary>
    public static Launcher? OfCompiledCopy() =>
        File.Exists(Told("CompiledShell")) ? new("The pwsh of tools/KlingEffects.CompiledShell", DotNet, Told("CompiledShell")) : null;

    /// <summary>A path, or a command on PATH.</summary>
    /// <exception cref="InvalidOperationException">It is neither.</exception>
    public static Launcher Named(string command)
    {
        string name = $"The {command} of {PowerShellEngine.Variable}";
        string[] folders = Path.GetFileName(command) == command
            ? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            : [RepositoryRoot];
        string[] extensions = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat", ""] : [""];
        string? program = folders
            .SelectMany(folder => extensions.Select(extension => Path.GetFullPath(command + extension, Path.GetFullPath(folder))))
            .FirstOrDefault(File.Exists);
        return new Launcher(name, program ?? throw new InvalidOperationException($"{name} is no file and no command on PATH."));
    }

    /// <summary>Lets the PowerShell that it starts say what it is.</summary>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public PowerShellEngine Ask()
    {
        string[] answers = Decode(Run("-NoProfile", "-NonInteractive", "-OutputFormat", "Text", "-EncodedCommand", Convert.ToBase64String(Encoding.Unicode.GetBytes(Question))));
        return answers is [var program, var assembly, var home, var version]
            ? new PowerShellEngine(program, IsDotNet(program) ? assembly : null, home, Version.Parse(version))
            : throw new InvalidOperationException($"{Name} does not answer as PowerShell does.");
    }

    private static string[] Decode(string line)
    {
        byte[] bytes = new byte[line.Length];
        return Convert.TryFromBase64String(line, bytes, out int length) ? Encoding.UTF8.GetString(bytes, 0, length).Split('\n') : [];
    }

    // The last line of what it prints.
    private string Run(params string[] arguments)
    {
        ProcessStartInfo start = new(Program, [.. Prefix, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = RepositoryRoot,
            Environment = { ["NO_COLOR"] = "1", ["POWERSHELL_UPDATECHECK"] = "Off" },
        };
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Longest))
            {
                process.Kill(entireProcessTree: true);
                throw new InvalidOperationException($"{Name} did not say within {Longest.TotalMinutes:0} minutes what it is.");
            }

            return process.ExitCode == 0
                ? output.Result.TrimEnd().Split('\n')[^1]
                : throw new InvalidOperationException($"{Name} ended with {process.ExitCode}. {errors.Result}{output.Result}".TrimEnd());
        }
        catch (Win32Exception refused)
        {
            throw new InvalidOperationException($"{Name} does not start: {refused.Message}", refused);
        }
    }
}
