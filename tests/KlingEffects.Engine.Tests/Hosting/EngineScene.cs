using KlingEffects.Emulator;

namespace KlingEffects.Tests.Hosting;

/// <summary>An emulator and a shell that talks to it.</summary>
internal sealed class EngineScene : IAsyncDisposable
{
    /// <summary>The generation time of tasks that a test ends by hand.</summary>
    public static readonly TimeSpan UntilEnded = TimeSpan.FromDays(1);

    private readonly List<Shell> _shells = [];

    private EngineScene(KlingEmulator emulator)
    {
        Emulator = emulator;
        Shell = OpenShell();
    }

    public KlingEmulator Emulator { get; }

    public Shell Shell { get; }

    /// <summary>Tasks are done at once unless the options say otherwise.</summary>
    public static async Task<EngineScene> StartAsync(Func<EmulatorOptions, EmulatorOptions>? options = null)
    {
        EmulatorOptions quick = new() { GenerationTime = TimeSpan.Zero, SubmittedTime = TimeSpan.Zero, VideoSize = 20_000 };
        return new EngineScene(await KlingEmulator.StartAsync(options?.Invoke(quick) ?? quick, TestContext.Current.CancellationToken));
    }

    /// <summary>Tasks are under way until the test ends them.</summary>
    public static Task<EngineScene> StartPausedAsync() => StartAsync(static options => options with { GenerationTime = UntilEnded });

    /// <summary>Another runspace of the same process.</summary>
    public Shell OpenShell()
    {
        Shell shell = new(Emulator.BaseUri, Emulator.ApiKey);
        _shells.Add(shell);
        return shell;
    }

    /// <summary>Adds tasks as if submitted before, and gives their ids.</summary>
    public string[] AddTasks(int count) => [.. Enumerable.Range(0, count).Select(_ => Emulator.AddTask().Id)];

    public Task ReachAsync(Func<KlingEmulator, bool> state) => Emulator.WaitForAsync(state, TestContext.Current.CancellationToken);

    /// <summary>Waits for a state as long as the script runs, and says whether it still did.</summary>
    public async Task<bool> ReachAsync(Func<KlingEmulator, bool> state, PipelineRun during)
    {
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task reached = Emulator.WaitForAsync(state, enough.Token);
        Task first = await Task.WhenAny(reached, during.Ended);
        await enough.CancelAsync();
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        return first == reached;
    }

    /// <summary>Ends when no request is under way any more; what was sent must have been as specified.</summary>
    public async Task SettleAsync()
    {
        await ReachAsync(static emulator => emulator.Counters.InFlight == 0);
        Assert.Empty(Emulator.Violations);
    }

    public async ValueTask DisposeAsync()
    {
        _shells.ForEach(static shell => shell.Dispose());
        await Emulator.DisposeAsync();
    }
}
