using System.Text.Json;
using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Emulator;
using KlingEffects.Journal;
using KlingEffects.Policies;
using KlingEffects.Runs;
using KlingEffects.Tests.Http;

namespace KlingEffects.Tests.Runs;

/// <summary>A whole batch, each row on its own way.</summary>
public sealed class BatchStageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Journal => _folder.Combine("jobs.journal");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(KlingGatewayName.CometApi)]
    [InlineData(null)]
    public async Task Rows_of_an_idle_gateway_are_not_behind_those_of_a_full_one(KlingGatewayName? told)
    {
        await using Scene full = await Scene.StartAsync(new EmulatorOptions { ParallelLimit = 1 }, shareClock: false);
        await using Scene idle = await Scene.StartAsync(new EmulatorOptions { Gateway = Gateway.Kling }, shareClock: false);
        full.Emulator.AddTask();
        ApiClients clients = new(name => new KlingClientOptions
        {
            ApiKey = name == KlingGatewayName.Kling ? idle.Emulator.ApiKey : full.Emulator.ApiKey,
            Gateway = name,
            BaseUri = name == KlingGatewayName.Kling ? idle.Emulator.BaseUri : full.Emulator.BaseUri,
        });
        KlingBatchOptions options = new() { StatePath = _folder.Path };
        JobJournal journal = JobJournal.Open(Journal, TimeProvider.System);
        using BatchStage stage = new(clients.For(KlingGatewayName.CometApi), options, new BatchState(options), journal);
        int added = 0;
        while (stage.TryAdd(Row(added + 1, told)))
        {
            added++;
        }

        Assert.Equal(Policy.JobsAhead, added);
        Assert.True(stage.TryAdd(Row(added + 1, KlingGatewayName.Kling)));
        await idle.Emulator.WaitForAsync(static emulator => emulator.Tasks.Count == 1, Scene.Cancellation);

        stage.Cancel();
        await stage.Completion;
        Assert.Single(JobJournal.Read(Journal), static job => job.HasTask);
    }

    [Fact]
    public async Task A_batch_ends_with_what_a_programs_own_code_throws()
    {
        await using Scene scene = await Scene.StartAsync();
        KlingBatchOptions options = new() { StatePath = _folder.Path };

        await Assert.ThrowsAsync<InvalidDataException>(() => scene.Client.RunBatchAsync(
            WriteRows(5), options, tell: static _ => throw new InvalidDataException("a program's own"), cancellationToken: Scene.Cancellation));

        using JobJournal free = JobJournal.Open(Journal, TimeProvider.System);
        await scene.Emulator.WaitForAsync(static emulator => emulator.Counters.InFlight == 0, Scene.Cancellation);
        Assert.Equal(scene.Emulator.Tasks.Count, free.Jobs.Count(static job => job.HasTask));
    }

    [Fact]
    public async Task An_owner_of_the_journal_that_is_gone_is_waited_out_and_told_of()
    {
        await using Scene scene = await Scene.StartAsync();
        GuardOwner gone = new() { Host = "other", Process = 7, Started = "1", Token = "a" };
        File.WriteAllBytes(Journal + JournalGuard.Extension, JsonSerializer.SerializeToUtf8Bytes(gone, JournalJson.Guard));
        List<string> told = [];

        KlingBatchResult result = await scene.Client.RunBatchAsync(
            WriteRows(1), new KlingBatchOptions { StatePath = _folder.Path }, tell: told.Add, cancellationToken: Scene.Cancellation);

        Assert.Equal(KlingJobState.Saved, Assert.Single(result.Jobs).State);
        Assert.Contains("no sign of life", told[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_limit_that_lets_nothing_through_is_refused_before_anything(int limit)
    {
        await using Scene scene = await Scene.StartAsync();
        KlingBatchOptions options = new() { StatePath = _folder.Combine("state"), ThrottleLimit = limit };
        KlingException refused = await Assert.ThrowsAsync<KlingException>(
            () => scene.Client.RunBatchAsync(WriteRows(1), options, cancellationToken: Scene.Cancellation));
        Assert.Equal(KlingErrorId.InvalidRequest, refused.Id);
        Assert.False(Directory.Exists(options.StatePath));
    }

    private string WriteRows(int count)
    {
        string path = _folder.Combine("jobs.csv");
        File.WriteAllLines(path, ["Scene,Image", .. Enumerable.Range(1, count).Select(static number => $"hug,https://images.example/{number}.jpg")]);
        return path;
    }

    private static BatchRow Row(int number, KlingGatewayName? gateway) =>
        new() { Index = number, ExternalTaskId = $"job-{number}", Job = Scene.Job(number) with { Gateway = gateway } };
}
