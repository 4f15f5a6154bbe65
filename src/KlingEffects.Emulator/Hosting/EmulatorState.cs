using System.Text.Json.Nodes;

namespace KlingEffects.Emulator;

/// <summary>Everything the two hosts share.</summary>
internal sealed class EmulatorState : IAsyncDisposable
{
    private readonly Callbacks _callbacks = new();
    private EmulatorOptions _options;

    public EmulatorState(EmulatorOptions options)
    {
        _options = options;
        Time = options.Time;
        Log = new RequestLog(Time, Signal);
        Faults = new FaultPlan(options.Seed);
        Tasks = new TaskBook(Time, options.Seed, OnTaskChanged);
        Rate = new RateLimit(Time);
        Urls = new VideoUrls(Time);
    }

    public EmulatorOptions Options => Volatile.Read(ref _options);

    public TimeProvider Time { get; }

    public Signal Signal { get; } = new();

    public RequestLog Log { get; }

    public Traffic Traffic { get; } = new();

    public FaultPlan Faults { get; }

    public TaskBook Tasks { get; }

    public RateLimit Rate { get; }

    public VideoUrls Urls { get; }

    /// <summary>Ends what is held back when the emulator stops.</summary>
    public CancellationTokenSource Stopping { get; } = new();

    public void Configure(Func<EmulatorOptions, EmulatorOptions> change)
    {
        EmulatorOptions before, after;
        do
        {
            before = Options;
            after = change(before);
        }
        while (Interlocked.CompareExchange(ref _options, after, before) != before);
    }

    public void Reset()
    {
        Tasks.Clear();
        Faults.Clear();
        Log.Clear();
        Traffic.Reset();
        Signal.Pulse();
    }

    public JsonObject Flat(EmulatedTask task, TaskPhase phase) => FlatAnswer.Task(new TaskView(task, phase, Time.GetUtcNow(), UrlOf));

    public string UrlOf(EmulatedTask task, int index) => Urls.Make(task, index, Options.UrlLifetime);

    public async ValueTask DisposeAsync()
    {
        await _callbacks.DisposeAsync();
        Tasks.Dispose();
        Stopping.Dispose();
    }

    private void OnTaskChanged(EmulatedTask task, TaskPhase phase)
    {
        Signal.Pulse();
        _callbacks.Post(task.CallbackUrl, () => Flat(task, phase));
    }
}
