using System.Diagnostics;
using KlingEffects.Samples;
using KlingEffects.Shells;

namespace KlingEffects.QuickStart;

/// <summary>Runs quickstart.ps1 in a PowerShell of its own that knows only the emulator.</summary>
internal sealed class ShellRun(PowerShellEngine engine, Uri baseUri, string apiKey, Workplace place)
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    /// <summary>Runs the script, which shows what it does on this console; false if it ends with an error.</summary>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        string script = FindScript().Replace("'", "''", StringComparison.Ordinal);
        // Progress bars would only cover up the lines of -Verbose, and a terminal that answers no questions makes them slow.
        string command = $"$ProgressPreference = 'SilentlyContinue'; & '{script}' -Verbose | Out-Null; exit $LASTEXITCODE";
        ProcessStartInfo start = engine.Start("-NoProfile", "-NonInteractive", "-Command", command);
        start.WorkingDirectory = place.Folder;
        start.Environment["COMETAPI_BASE_URL"] = baseUri.AbsoluteUri;
        start.Environment["COMETAPI_KEY"] = apiKey;
        start.Environment.Remove("KLING_JOURNAL");
        start.Environment["KLING_LEDGER"] = "off"; // the sample's jobs are none of the user's
        if (Console.IsOutputRedirected)
        {
            start.Environment["NO_COLOR"] = "1";
        }

        using Process running = Process.Start(start)!;
        try
        {
            await running.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(running);
            throw;
        }

        return running.ExitCode == 0;
    }

    // Ctrl+C reaches the shell as well, which then ends by itself; other signals may not.
    private static async Task EndAsync(Process running)
    {
        try
        {
            await running.WaitForExitAsync(CancellationToken.None).WaitAsync(Farewell);
        }
        catch (TimeoutException)
        {
            running.Kill(entireProcessTree: true);
            await running.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static string FindScript()
    {
        const string Script = "samples/QuickStart/quickstart.ps1";
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, Script);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new FileNotFoundException($"The sample is run from the repository, for it needs {Script} and the module.");
    }
}
