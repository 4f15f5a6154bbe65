using System.Text.Json.Nodes;
using KlingEffects.Emulator.Configuration;
using KlingEffects.Emulator.Content;
using KlingEffects.Emulator.Dialects;
using KlingEffects.Emulator.Faults;
using KlingEffects.Emulator.Recording;
using KlingEffects.Emulator.Specification;
using KlingEffects.Emulator.Tasks;

namespace KlingEffects.Emulator.Exchanges;

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
        CostsRate = new RateLimit(Time);
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

    /// <summary>The account's packs may be asked for once a second, whatever the other calls may.</summary>
    public RateLimit CostsRate { get; }

    public VideoUrls Urls { get; }

    /// <summary>Ends what is held back when the emulator stops.</summary>
    public CancellationTokenSource Stopping { get; } = new();

    public EmulatorCounters Counters => Traffic.Read(Tasks.Active, Tasks.ActiveMaximum);

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

    public EmulatedTask? FindTask(string id) => Tasks.Find(id, orExternalId: false);

    /// <summary>Adds a task as if another client had submitted it; limits do not apply.</summary>
    public EmulatedTask AddTask(string kind, string? externalId, string? scene, TimeSpan age = default)
    {
        TaskOrder order = new() { Kind = kind, Age = age, Request = new EffectRequest { ExternalId = externalId, Scene = scene } };
        return Tasks.Accept(order, Options with { ParallelLimit = 0, AffordableSubmits = null, RejectDuplicateExternalId = false }).Task!;
    }

    /// <exception cref="KeyNotFoundException">There is no such task or video.</exception>
    public VideoContent VideoOf(string taskId, int index) =>
        FindTask(taskId) is { } task && index >= 0 && index < task.VideoCount
            ? new VideoContent(task.Id, index, task.VideoSize)
            : throw new KeyNotFoundException($"There is no video {index} of a task {taskId}.");

    public JsonObject Flat(EmulatedTask task, TaskPhase phase) => FlatAnswer.Task(new TaskView(task, phase, Time.GetUtcNow(), UrlOf, Options));

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
