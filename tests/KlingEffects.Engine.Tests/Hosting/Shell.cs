using System.Management.Automation.Runspaces;
using KlingEffects.Commands;

namespace KlingEffects.Tests.Hosting;

/// <summary>A fresh runspace with the module imported and the emulator's key and address as defaults.</summary>
internal sealed class Shell : IDisposable
{
    private const string Defaults = "PSDefaultParameterValues";

    private readonly Runspace _runspace;

    // Submits without a journal are noted, and not among the developer's own.
    static Shell() => Environment.SetEnvironmentVariable("KLING_LEDGER", Path.Combine(Path.GetTempPath(), "kling-test-ledger"));

    /// <param name="baseUri">The API's address.</param>
    /// <param name="apiKey">Its key.</param>
    public Shell(Uri baseUri, string apiKey)
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([typeof(WaitKlingTaskCommand).Assembly.Location]);
        _runspace = RunspaceFactory.CreateRunspace(Host, state);
        _runspace.Open();
        _runspace.SessionStateProxy.SetVariable(Defaults, new System.Management.Automation.DefaultParameterDictionary
        {
            ["*-Kling*:BaseUri"] = baseUri,
            ["*-Kling*:ApiKey"] = apiKey,
        });
    }

    public RecordingHost Host { get; } = new();

    /// <summary>Sets a variable of the scripts to come.</summary>
    public void Set(string variable, object? value) => _runspace.SessionStateProxy.SetVariable(variable, value);

    /// <summary>Starts a script; its output can be watched while it runs.</summary>
    public PipelineRun Start(string script) => new(_runspace, script);

    /// <summary>Runs a script to its end.</summary>
    public async Task<PipelineRun> RunAsync(string script)
    {
        PipelineRun run = Start(script);
        await run.Ended;
        return run;
    }

    public void Dispose() => _runspace.Dispose();
}
