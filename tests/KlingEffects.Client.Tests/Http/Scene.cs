using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Effects;
using KlingEffects.Emulator;
using KlingEffects.Emulator.Recording;
using KlingEffects.Http;
using KlingEffects.Waiting;

namespace KlingEffects.Tests.Http;

/// <summary>The client and the emulator over real sockets, on a clock that passes by itself.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private Scene(KlingEmulator emulator, PassingTime time)
    {
        Emulator = emulator;
        Time = time;
        Way = new CountedHandler(time);
        Api = new ApiClient(new KlingClientOptions { ApiKey = emulator.ApiKey, Gateway = GatewayOf(emulator), BaseUri = emulator.BaseUri, Time = time }, Way);
        Client = new KlingClient(Api);
    }

    private static KlingGatewayName GatewayOf(KlingEmulator emulator) => Enum.Parse<KlingGatewayName>($"{emulator.Options.Gateway}");

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public KlingEmulator Emulator { get; }

    public PassingTime Time { get; }

    public CountedHandler Way { get; }

    public ApiClient Api { get; }

    /// <summary>Has videos, too, go a way that is counted.</summary>
    public void CountVideos(CountedHandler way) => Api.VideoHttp = new HttpChain(Time, connections: way);

    public KlingClient Client { get; }

    public int Submits => (int)Emulator.Counters.Submits;

    public int Queries => (int)Emulator.Counters.Queries;

    /// <param name="options">How the emulator behaves.</param>
    /// <param name="shareClock">Whether tasks take their time by the driven clock; else they end only when a test ends them.</param>
    public static async Task<Scene> StartAsync(EmulatorOptions? options = null, bool shareClock = true)
    {
        PassingTime time = new();
        options ??= new EmulatorOptions();
        options = shareClock ? options with { Time = time.ForServer() } : options with { GenerationTime = TimeSpan.FromDays(1) };
        return new Scene(await KlingEmulator.StartAsync(options, Cancellation), time);
    }

    public static EffectJob Job(int number = 1, string scene = "hug") => new()
    {
        Scene = scene,
        Images = [ImageSource.Parse("https://images.example/a.jpg"), ImageSource.Parse("https://images.example/b.jpg")],
        ExternalTaskId = $"job-{number}",
    };

    public void Fails(Operation operation, FaultEffect? effect, int times = 1, TimeSpan delay = default) =>
        Emulator.Faults.Add(new Fault(operation, effect) { Times = times, Delay = delay });

    public Task<KlingTask> SubmitAsync(EffectJob? job = null, SubmitOptions? options = null) => SubmitUntilAsync(Cancellation, job, options);

    public async Task<KlingTask> SubmitUntilAsync(CancellationToken stop, EffectJob? job = null, SubmitOptions? options = null)
    {
        SubmitBatch batch = Batch(options, stop: stop);
        try
        {
            return (await SubmitAsync(batch, job ?? Job()))!;
        }
        finally
        {
            await batch.EndAsync();
        }
    }

    /// <summary>The jobs of one pipeline.</summary>
    public SubmitBatch Batch(
        SubmitOptions? options = null, JobJournal? journal = null, RetryOptions? retry = null, IRunObserver? observer = null, CancellationToken? stop = null) =>
        new(Api, journal, options ?? new SubmitOptions(), retry ?? RetryOptions.None, observer ?? Unobserved.Run, stop ?? Cancellation);

    public static Task<KlingTask?> SubmitAsync(SubmitBatch batch, EffectJob job) => batch.SubmitAsync(job);

    /// <summary>Waits for tasks as a pipeline does.</summary>
    /// <returns>What came out, in its order: tasks and errors; and the notes.</returns>
    public async Task<Outcome> WaitAsync(IEnumerable<KlingTask> tasks, WaitOptions? options = null, ApiClient? api = null)
    {
        using TaskWaiter waiter = TaskWaiter.Start(api ?? Api, options ?? new WaitOptions());
        // The clock stands still until all tasks are there, however slowly this thread gets on.
        Time.Begin();
        foreach (KlingTask task in tasks)
        {
            waiter.TryAdd(task);
        }

        waiter.Complete();
        Time.End();
        Outcome outcome = new();
        await foreach (StageRecord record in waiter.Records.ReadAllAsync(Cancellation))
        {
            outcome.Add(record);
        }

        await waiter.Completion;
        return outcome;
    }

    /// <summary>Ends every request that the emulator holds by the client's watch on it, until the work has ended.</summary>
    /// <param name="work">What sends the requests.</param>
    /// <param name="part">Of what the emulator holds back.</param>
    /// <param name="takes">How long each watch takes.</param>
    public async Task<T> RunOutAsync<T>(Task<T> work, AnswerPart part, TimeSpan takes)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task driving = DriveAsync(part, takes, ended.Token);
        if (await Task.WhenAny(work, driving) == driving)
        {
            await driving;
        }

        await ended.CancelAsync();
        return await work;
    }

    private async Task DriveAsync(AnswerPart part, TimeSpan takes, CancellationToken ended)
    {
        HashSet<long> seen = [];
        while (!ended.IsCancellationRequested)
        {
            await Emulator.WaitForAsync(emulator => emulator.Requests.Any(request => request.IsHeld && !seen.Contains(request.Number)), ended);
            seen.UnionWith(Emulator.Requests.Where(static request => request.IsHeld).Select(static request => request.Number));
            Assert.Equal(takes, await Time.RunOutAsync(part, ended));
        }
    }

    public async ValueTask DisposeAsync()
    {
        string[] violations = [.. Emulator.Violations];
        Way.Dispose();
        await Emulator.DisposeAsync();
        Assert.Empty(violations);
    }

    /// <summary>What a stage gave.</summary>
    internal sealed class Outcome
    {
        public List<KlingTask> Tasks { get; } = [];

        public List<KlingException> Errors { get; } = [];

        public List<string> Notes { get; } = [];

        public void Add(StageRecord record)
        {
            switch (record)
            {
                case StageRecord.Output { Value: KlingTask task }:
                    Tasks.Add(task);
                    break;
                case StageRecord.Failure failure:
                    Errors.Add(failure.Error);
                    break;
                case StageRecord.Reported told:
                    Notes.Add(told.What.Text.ToString());
                    break;
                case StageRecord.Defect defect:
                    throw new InvalidOperationException("a defect", defect.Error);
            }
        }
    }
}
