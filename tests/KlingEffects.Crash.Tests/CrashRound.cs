using System.Diagnostics;
using System.Reflection;
using KlingEffects.Emulator;
using KlingEffects.Shells;

namespace KlingEffects.Tests;

/// <summary>One batch of 50 against one emulator that answers late, resets after accepting, or is busy.</summary>
internal sealed class CrashRound : IAsyncDisposable
{
    private const int Jobs = 50;
    private const int Kills = 5;
    private const int MostRuns = 60;
    private const string Uncertain = "KlingSubmitUncertain";

    private readonly PowerShellEngine _engine;
    private readonly KlingEmulator _emulator;
    private readonly TemporaryFolder _folder = new();
    private readonly Random _random;
    private int _kills;
    private readonly bool _retriesUncertain;
    private readonly JournalMeddler? _meddler;
    private int _runs;

    private CrashRound(PowerShellEngine engine, KlingEmulator emulator, int seed, bool isMeddledWith)
    {
        _engine = engine;
        _emulator = emulator;
        _random = new Random(seed);
        _meddler = isMeddledWith ? new JournalMeddler(Path.Combine(_folder.Path, "jobs.journal"), _random) : null;
        // Sound only where the API answers to external ids; it waits a minute for each that the API does not know.
        _retriesUncertain = seed % 8 == 0;
        File.WriteAllLines(Path.Combine(_folder.Path, "jobs.csv"), [
            "Scene,Image,SecondImage,ExternalTaskId",
            .. Enumerable.Range(1, Jobs).Select(static n => n % 3 == 0
                ? $"scene_{n},https://images.example/{n}-left.jpg,https://images.example/{n}-right.jpg,"
                : $"scene_{n},https://images.example/{n}.jpg,,{(n % 2 == 0 ? $"order-{n:00}" : "")}")]);
    }

    private static string Module => Path.Combine(
        typeof(CrashRound).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static told => told.Key == "RepositoryRoot").Value!,
        "KlingEffects.psd1");

    private string Report => Path.Combine(_folder.Path, "report.tsv");

    public static async Task<CrashRound> StartAsync(PowerShellEngine engine, int seed, bool isMeddledWith, CancellationToken cancellationToken)
    {
        KlingEmulator emulator = await KlingEmulator.StartAsync(
            new EmulatorOptions
            {
                Seed = seed,
                GenerationTime = TimeSpan.FromSeconds(0.6),
                GenerationSpread = TimeSpan.FromSeconds(0.3),
                Latency = TimeSpan.FromMilliseconds(20),
                // A second submit of a job must show as one, and every fourth round has a gateway that knows no external ids.
                RejectDuplicateExternalId = false,
                AnswersExternalId = seed % 4 != 3,
            },
            cancellationToken);
        Trouble(emulator.Faults);
        return new CrashRound(engine, emulator, seed, isMeddledWith);
    }

    public async Task<CrashFigures> RunAsync(CancellationToken cancellationToken)
    {
        HashSet<string> open = [];
        HashSet<string> before;
        do
        {
            Assert.True(_runs++ < MostRuns, $"The batch does not come to an end; open: {string.Join(" | ", open)}");
            before = open;
            open = await RunOnceAsync(cancellationToken) ? ReadReport() : ["killed"];
            _meddler?.Mend();
        }
        while (open.Any(static failure => !failure.StartsWith(Uncertain, StringComparison.Ordinal)) || !open.SetEquals(before));

        return Judge(open);
    }

    public async ValueTask DisposeAsync()
    {
        await _emulator.DisposeAsync();
        _folder.Dispose();
    }

    private static void Trouble(FaultPlan faults)
    {
        void Sometimes(double probability, Operation operation, FaultEffect? effect, TimeSpan delay = default) =>
            faults.Add(new Fault(operation, effect) { Times = Fault.Forever, Probability = probability, Delay = delay });

        Sometimes(0.05, Operation.Submit, new ResetAfter());
        Sometimes(0.03, Operation.Submit, new AcceptThenStatus(504) { Body = "<html>Gateway time-out</html>", ContentType = "text/html" });
        Sometimes(0.03, Operation.Submit, new ResetBefore());
        Sometimes(0.10, Operation.Submit, new AnswerStatus(429) { Body = """{"code":1303,"message":"parallel task over resource pack limit"}""" });
        Sometimes(0.15, Operation.Submit, new FailTask("no face"));
        Sometimes(0.20, Operation.Submit, null, TimeSpan.FromMilliseconds(300));
        Sometimes(0.05, Operation.Query, new AnswerStatus(502) { Body = "<html>Bad gateway</html>", ContentType = "text/html" });
        Sometimes(0.10, Operation.Video, new Truncate(100_000));
    }

    // True if the script came to its end, false if it was killed.
    private async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        File.Delete(Report);
        ProcessStartInfo start = _engine.Start("-NoProfile", "-NonInteractive", "-File", Path.Combine(AppContext.BaseDirectory, "batch.ps1"), Module, _folder.Path, Retry());
        start.Environment["COMETAPI_KEY"] = _emulator.ApiKey;
        start.Environment["COMETAPI_BASE_URL"] = _emulator.BaseUri.AbsoluteUri;
        start.Environment.Remove("KLING_JOURNAL");
        start.Environment["KLING_LEDGER"] = "off";
        using Process process = Process.Start(start)!;
        if (_kills < Kills)
        {
            long requests = _emulator.Counters.Submits + _emulator.Counters.Queries + _random.Next(1, 60);
            Task reached = _emulator.WaitForAsync(emulator => emulator.Counters.Submits + emulator.Counters.Queries >= requests, cancellationToken);
            Task ended = process.WaitForExitAsync(cancellationToken);
            bool isReached = await Task.WhenAny(reached, ended) == reached;
            if (isReached && (_meddler is null || (_meddler.Meddle() && _random.Next(2) == 0)))
            {
                process.Kill();
                await ended;
                _kills++;
                return false;
            }

            _kills += isReached ? 1 : 0;
        }

        await process.WaitForExitAsync(cancellationToken);
        return File.Exists(Report);
    }

    private string Retry() =>
        (_random.Next(2) == 0 ? "Failed" : "") + (_retriesUncertain && _random.Next(2) == 0 ? "Uncertain" : "none");

    private HashSet<string> ReadReport() => [.. File.ReadAllLines(Report).Where(static line => line.Length > 0)];

    private string JournalOf(EmulatedTask[] job)
    {
        string[] names = [IdOf(job[0]), .. job.Select(static task => task.Id)];
        return string.Join(
            Environment.NewLine,
            File.ReadLines(Path.Combine(_folder.Path, "jobs.journal")).Where(line => names.Any(name => line.Contains(name, StringComparison.Ordinal))));
    }

    // What the job is known by in all its attempts, of which the later ones are sent as "<id>.2", "<id>.3".
    private static string IdOf(EmulatedTask task) => task.ExternalId!.Split('.')[0];

    // Of a job all of whose tasks have failed, it must be told that the last one did, or that nothing is known of a later one.
    private void AssertPaidOnce(EmulatedTask[] job, HashSet<string> open)
    {
        Assert.All(job[..^1], static task => Assert.Equal(TaskState.Failed, task.State));
        Assert.All(job.Zip(job.Skip(1)), static pair => Assert.True(pair.First.EndedAt <= pair.Second.CreatedAt, $"{pair.First} had not ended when {pair.Second} was paid for"));
        Assert.True(job[^1].State != TaskState.Failed || open.Any(failure => failure.Contains(IdOf(job[^1]), StringComparison.Ordinal)), $"""
            {job[^1].Id} ({job[^1].ExternalId}) failed, and nobody was told. Told was:
            {string.Join(Environment.NewLine, open)}
            The journal has:
            {JournalOf(job)}
            """);
    }

    private CrashFigures Judge(HashSet<string> open)
    {
        Assert.Empty(_emulator.Violations);
        IReadOnlyList<EmulatedTask> tasks = _emulator.Tasks;
        // A job is paid for anew only once its last task has failed, and each attempt is sent under an id of its own.
        Assert.All(tasks.GroupBy(static task => task.Scene), job => AssertPaidOnce([.. job.OrderBy(static task => task.CreatedAt)], open));
        Assert.All(tasks.GroupBy(static task => task.ExternalId), static attempt => Assert.Single(attempt));
        EmulatedTask[] attempts = [.. tasks.Where(static task => task.State == TaskState.Failed)];
        tasks = [.. tasks.Except(attempts)];
        string folder = Path.Combine(_folder.Path, "out");
        EmulatedTask[] unsaved = [.. tasks.Where(task => !File.Exists(Path.Combine(folder, task.Id + ".mp4")))];
        Assert.All(unsaved, task => Assert.Contains(open, failure => failure.Contains(task.ExternalId!, StringComparison.Ordinal)));
        Assert.All(tasks.Except(unsaved), task => Assert.Equal(task.VideoSize, new FileInfo(Path.Combine(folder, task.Id + ".mp4")).Length));
        Assert.Equal(Jobs, tasks.Count + open.Count(failure => !tasks.Any(task => failure.Contains(task.ExternalId!, StringComparison.Ordinal))));
        return new CrashFigures
        {
            Jobs = Jobs,
            Runs = _runs,
            Kills = _kills,
            Meddled = _meddler?.Count ?? 0,
            Faults = _emulator.Faults.Struck,
            Failed = attempts.Length,
            Accepted = tasks.Count,
            Uncertain = open.Count,
            Saved = tasks.Count - unsaved.Length,
        };
    }
}
