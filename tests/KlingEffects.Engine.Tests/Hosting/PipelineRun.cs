using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace KlingEffects.Tests.Hosting;

/// <summary>One run of a script: what came out of it, and how it ended.</summary>
internal sealed class PipelineRun : IDisposable
{
    private readonly PowerShell _shell;
    private readonly PSDataCollection<PSObject> _output = new() { EnumeratorNeverBlocks = true };
    private readonly Signal _changed = new();
    private volatile bool _hasEnded;

    public PipelineRun(Runspace runspace, string script)
    {
        _shell = PowerShell.Create();
        _shell.Runspace = runspace;
        _shell.AddScript(script);
        _shell.Streams.Error.EnumeratorNeverBlocks = true;
        _shell.Streams.Verbose.EnumeratorNeverBlocks = true;
        _shell.Streams.Debug.EnumeratorNeverBlocks = true;
        _shell.Streams.Warning.EnumeratorNeverBlocks = true;
        PSDataCollection<PSObject> input = [];
        input.Complete();
        _output.DataAdded += (_, _) => _changed.Pulse();
        Ended = EndAsync(_shell.BeginInvoke(input, _output));
    }

    /// <summary>Ends when the script has, well or not.</summary>
    public Task Ended { get; }

    /// <summary>The exception that ended the script; null if it ran to its end.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>What came out so far, unwrapped.</summary>
    public IReadOnlyList<object> Output => [.. _output.Select(static item => item.BaseObject)];

    /// <summary>The ids of the tasks that came out so far.</summary>
    public IReadOnlyList<string> TaskIds => [.. Output.Cast<KlingTask>().Select(static task => task.TaskId)];

    public IReadOnlyList<ErrorRecord> Errors => [.. _shell.Streams.Error];

    /// <summary>The part of each error's id before the comma.</summary>
    public IReadOnlyList<string> ErrorIds => [.. Errors.Select(static error => error.FullyQualifiedErrorId.Split(',')[0])];

    public IReadOnlyList<string> Verbose => [.. _shell.Streams.Verbose.Select(static record => record.Message)];

    public IReadOnlyList<string> Debug => [.. _shell.Streams.Debug.Select(static record => record.Message)];

    public IReadOnlyList<string> Warnings => [.. _shell.Streams.Warning.Select(static record => record.Message)];

    /// <summary>Waits until so many objects are out.</summary>
    public async Task OutputAsync(int count)
    {
        await _changed.WaitAsync(() => _output.Count >= count || _hasEnded, TestContext.Current.CancellationToken);
        Assert.True(_output.Count >= count, $"The script ended with {_output.Count} objects. {Failure}");
    }

    /// <summary>Stops the script as Ctrl+C does and returns how long it took to end.</summary>
    public async Task<TimeSpan> StopAsync()
    {
        long begun = Stopwatch.GetTimestamp();
        await Task.Run(_shell.Stop);
        await Ended;
        return Stopwatch.GetElapsedTime(begun);
    }

    public void Dispose()
    {
        _shell.Dispose();
        _output.Dispose();
    }

    private async Task EndAsync(IAsyncResult begun)
    {
        Failure = await Record.ExceptionAsync(() => Task.Factory.FromAsync(begun, result => _shell.EndInvoke(result)));
        _hasEnded = true;
        _changed.Pulse();
    }
}
