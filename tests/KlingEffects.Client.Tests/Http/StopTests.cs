using KlingEffects.Api;
using KlingEffects.Effects;
using KlingEffects.Emulator;
using KlingEffects.Emulator.Recording;
using KlingEffects.Journal;
using KlingEffects.Policies;
using KlingEffects.Tests.Effects;
using KlingEffects.Tests.Journal;
using Microsoft.Extensions.Time.Testing;

namespace KlingEffects.Tests.Http;

/// <summary>What becomes of a submit when the pipeline is stopped: before it has a slot, in the midst of the upload, and after it.</summary>
public sealed class StopTests
{
    private static readonly TimeSpan CancelGrace = Policy.CancelGrace;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task Before_its_turn_nothing_is_sent()
    {
        await using KlingEmulator emulator = await StartAsync();
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SubmitAsync(emulator.BaseUri, Scene.Job(), stop.Token));
        Assert.Empty(emulator.Requests);
    }

    [Fact]
    public async Task While_it_waits_for_a_slot_nothing_more_is_sent()
    {
        await using KlingEmulator emulator = await StartAsync(new EmulatorOptions { ParallelLimit = 1 });
        await SubmitAsync(emulator.BaseUri, Scene.Job(1), Scene.Cancellation);
        using CancellationTokenSource stop = new();
        Task<KlingTask> second = SubmitAsync(emulator.BaseUri, Scene.Job(2), stop.Token);
        await emulator.WaitForAsync(static emulator => emulator.Requests.Count(static request => request.IsOver) == 2, Scene.Cancellation);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(2, emulator.Requests.Count);
    }

    [Fact]
    public async Task In_the_midst_of_the_upload_it_is_cut_off_and_nothing_was_made()
    {
        using TemporaryFolder folder = new();
        EffectJob job = new() { Scene = "bloombloom", Images = [ImageSource.Parse(folder.Write("a.png", TestImages.Png(300, 300, 10_000_000)))] }; // more than the sockets of both sides hold
        using RawServer server = new();
        using CancellationTokenSource stop = new();
        Task<RawRequest> received = server.ReceiveAsync(keepBody: false, inTheMidst: stop.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SubmitAsync(server.Uri, job, stop.Token));

        Assert.False((await received).IsWhole);
    }

    [Fact]
    public async Task What_is_stopped_while_its_line_is_written_to_the_journal_does_not_leave()
    {
        await using KlingEmulator emulator = await KlingEmulator.StartAsync(cancellationToken: Scene.Cancellation);
        ApiClient api = new(new KlingClientOptions { ApiKey = emulator.ApiKey, BaseUri = emulator.BaseUri });
        using JournalSamples samples = new();
        StoppingDisk? disk = null;
        using JobJournal journal = samples.Open(path => disk = new StoppingDisk(path));
        for (int number = 0; number <= 20; number++)
        {
            using CancellationTokenSource stop = new();
            disk!.Stop = number == 0 ? null : stop; // the first opens the connection
            Task<KlingTask?> submit = Scene.SubmitAsync(new SubmitBatch(api, journal, new SubmitOptions(), RetryOptions.None, Unobserved.Run, stop.Token), Scene.Job(number));
            await (number == 0 ? submit : (Task)Assert.ThrowsAnyAsync<OperationCanceledException>(() => submit));
        }

        Assert.Single(emulator.Tasks);
    }

    [Fact]
    public async Task After_the_upload_the_answer_is_awaited_for_ten_seconds()
    {
        await using KlingEmulator emulator = await StartAsync();
        emulator.Faults.Add(new Fault(Operation.Submit) { Delay = CancelGrace + TimeSpan.FromSeconds(1) });
        using CancellationTokenSource stop = new();
        Task<KlingTask> submit = SubmitAsync(emulator.BaseUri, Scene.Job(), stop.Token);
        await HeldAsync(emulator);

        await stop.CancelAsync();
        _time.Advance(CancelGrace - TimeSpan.FromSeconds(0.1));
        Assert.False(submit.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        KlingException error = await Assert.ThrowsAsync<KlingException>(() => submit);
        Assert.Equal(KlingErrorId.SubmitUncertain, error.Id);
        Assert.Single(emulator.Tasks);
    }

    [Fact]
    public async Task An_answer_within_those_ten_seconds_is_the_task()
    {
        await using KlingEmulator emulator = await StartAsync();
        emulator.Faults.Add(new Fault(Operation.Submit) { Delay = CancelGrace - TimeSpan.FromSeconds(1) });
        using CancellationTokenSource stop = new();
        Task<KlingTask> submit = SubmitAsync(emulator.BaseUri, Scene.Job(), stop.Token);
        await HeldAsync(emulator);

        await stop.CancelAsync();
        _time.Advance(CancelGrace - TimeSpan.FromSeconds(1));

        Assert.Equal(Assert.Single(emulator.Tasks).Id, (await submit).TaskId);
    }

    [Fact]
    public async Task A_refusal_within_those_ten_seconds_is_the_end()
    {
        await using KlingEmulator emulator = await StartAsync();
        emulator.Faults.Add(new Fault(Operation.Submit, new AnswerStatus(429)) { Delay = TimeSpan.FromSeconds(1), Times = Fault.Forever });
        using CancellationTokenSource stop = new();
        Task<KlingTask> submit = SubmitAsync(emulator.BaseUri, Scene.Job(), stop.Token);
        await HeldAsync(emulator);

        await stop.CancelAsync();
        _time.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => submit);
        Assert.Single(emulator.Requests);
    }

    /// <summary>The pipeline is stopped whenever a line reaches the disk.</summary>
    private sealed class StoppingDisk(string path) : FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, JournalFile.WhileHeld, bufferSize: 1)
    {
        public CancellationTokenSource? Stop { get; set; }

        public override void Flush(bool flushToDisk)
        {
            base.Flush(flushToDisk);
            Stop?.Cancel();
        }
    }

    private static Task HeldAsync(KlingEmulator emulator) =>
        emulator.WaitForAsync(static emulator => emulator.Requests.Any(static request => request.IsHeld), Scene.Cancellation);

    private Task<KlingEmulator> StartAsync(EmulatorOptions? options = null) =>
        KlingEmulator.StartAsync((options ?? new EmulatorOptions()) with { Time = _time }, Scene.Cancellation);

    private Task<KlingTask> SubmitAsync(Uri baseUri, EffectJob job, CancellationToken stop) =>
        new KlingClient(new KlingClientOptions { ApiKey = "sk-emulator", BaseUri = baseUri, Time = _time }).SubmitAsync(job, stop);
}
