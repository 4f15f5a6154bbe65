using KlingEffects.Emulator.Configuration;
using KlingEffects.Emulator.Content;
using KlingEffects.Emulator.Exchanges;
using KlingEffects.Emulator.Faults;
using KlingEffects.Emulator.Recording;
using KlingEffects.Emulator.Server;
using KlingEffects.Emulator.Tasks;

namespace KlingEffects.Emulator;

/// <summary>
/// The Kling effects API of CometAPI on loopback: takes submits as the provider's OpenAPI text has them, moves tasks along on a
/// clock, serves videos from a second origin, remembers what it was sent, and misbehaves where it is told to.
/// </summary>
public sealed class KlingEmulator : IAsyncDisposable
{
    private readonly EmulatorState _state;
    private readonly EmulatorServer _server;

    private KlingEmulator(EmulatorState state, EmulatorServer server)
    {
        _state = state;
        _server = server;
        BaseUri = server.ApiUri;
        VideoBaseUri = server.VideoUri;
    }

    /// <summary>Hears of each request when nothing more will happen to it.</summary>
    public event Action<RecordedRequest>? RequestEnded
    {
        add => _state.Log.Ended += value;
        remove => _state.Log.Ended -= value;
    }

    /// <summary>The root of the API, for <c>-BaseUri</c>.</summary>
    public Uri BaseUri { get; }

    /// <summary>The root of the video host.</summary>
    public Uri VideoBaseUri { get; }

    /// <summary>The only key that the API accepts.</summary>
    public string ApiKey => Options.ApiKey;

    /// <summary>How it behaves at the moment.</summary>
    public EmulatorOptions Options => _state.Options;

    /// <summary>The bytes of each video of the tasks to come.</summary>
    public long VideoSize => VideoContent.SizeOf(Options.VideoSize);

    /// <summary>The requests of both hosts in the order of arrival, as far as they are known by now.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _state.Log.Requests();

    /// <summary>Every breach of the specification by a client, and every place where the key had no business.</summary>
    public IReadOnlyList<string> Violations => _state.Log.Violations();

    /// <summary>The tasks of the account in the order of their creation.</summary>
    public IReadOnlyList<EmulatedTask> Tasks => _state.Tasks.Snapshot();

    /// <summary>What is to go wrong.</summary>
    public FaultPlan Faults => _state.Faults;

    /// <summary>What was counted so far.</summary>
    public EmulatorCounters Counters => _state.Counters;

    /// <summary>Starts an emulator; it listens when this returns.</summary>
    /// <param name="options">How it behaves; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="IOException">A port that was asked for is taken.</exception>
    public static async Task<KlingEmulator> StartAsync(EmulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        EmulatorState state = new(options ?? new EmulatorOptions());
        EmulatorServer server = new(state);
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            await state.DisposeAsync();
            throw;
        }

        return new KlingEmulator(state, server);
    }

    /// <summary>Changes how it behaves from now on. Ports, clock and seed stay as they were at the start.</summary>
    /// <param name="change">Makes the new options of the present ones; may be called more than once.</param>
    public void Configure(Func<EmulatorOptions, EmulatorOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        _state.Configure(change);
    }

    /// <summary>The task with an id, or null.</summary>
    /// <param name="taskId">The id that the submit answered.</param>
    public EmulatedTask? FindTask(string taskId) => _state.FindTask(taskId);

    /// <summary>Adds a task as if another client had submitted it; limits do not apply.</summary>
    /// <param name="kind">The route segment under which it is found, such as <c>image2video</c>.</param>
    /// <param name="externalTaskId">The client's own id, or null.</param>
    /// <param name="scene">The effect scene, or null.</param>
    /// <param name="age">How long ago it was made, and will have ended once it does, as far as answers tell.</param>
    public EmulatedTask AddTask(string kind = "effects", string? externalTaskId = null, string? scene = null, TimeSpan age = default) =>
        _state.AddTask(kind, externalTaskId, scene, age);

    /// <summary>The bytes of a video as the video host has them.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="index">Which of its videos, from 0.</param>
    /// <exception cref="KeyNotFoundException">There is no such task or video.</exception>
    public Stream OpenVideo(string taskId, int index = 0) => new ContentStream(_state.VideoOf(taskId, index));

    /// <summary>Waits until something holds: it is looked at now, and again whenever a request or a task changes.</summary>
    /// <param name="condition">What to wait for; quick, and free of side effects.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task WaitForAsync(Func<KlingEmulator, bool> condition, CancellationToken cancellationToken = default) =>
        _state.Signal.WaitAsync(() => condition(this), cancellationToken);

    /// <summary>Forgets requests, violations, tasks, faults and counts.</summary>
    public void Reset() => _state.Reset();

    /// <summary>Stops at once: what is under way is cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _state.DisposeAsync();
    }
}
