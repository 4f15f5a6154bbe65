using KlingEffects.Emulator;
using KlingEffects.Emulator.Recording;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KlingEffects.Tests;

/// <summary>The client as a program uses it, without a pipeline.</summary>
public sealed class LibraryUseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_task_is_waited_for_until_its_videos_are_there()
    {
        await using KlingEmulator emulator = await StartAsync(TimeSpan.FromMilliseconds(100));
        List<string> told = [];

        KlingTask ended = await ClientOf(emulator).WaitAsync(TaskOf(emulator), tell: told.Add, cancellationToken: Cancellation);

        Assert.Equal(KlingTaskStatus.Succeed, ended.Status);
        Assert.StartsWith(emulator.VideoBaseUri.AbsoluteUri, Assert.Single(ended.Videos).Url, StringComparison.Ordinal);
        Assert.Equal($"{ended.TaskId} ended: Succeed", told[^1]);
    }

    [Fact]
    public async Task A_task_that_has_ended_is_not_asked_for_again()
    {
        await using KlingEmulator emulator = await StartAsync(TimeSpan.Zero);
        KlingClient client = ClientOf(emulator);
        KlingTask ended = await client.WaitAsync(TaskOf(emulator), cancellationToken: Cancellation);
        long queries = emulator.Counters.Queries;

        Assert.Equal(ended.TaskId, (await client.WaitAsync(ended, cancellationToken: Cancellation)).TaskId);
        Assert.Equal(queries, emulator.Counters.Queries);
    }

    [Fact]
    public async Task A_failed_task_is_thrown_as_often_as_it_is_waited_for()
    {
        await using KlingEmulator emulator = await StartAsync(TimeSpan.Zero);
        emulator.Faults.Add(new Fault(Operation.Submit, new FailTask("No face was found.")));
        KlingClient client = ClientOf(emulator);
        KlingTask task = await client.SubmitAsync(Job(), Cancellation);
        KlingTask failed = await client.GetTaskAsync(task.TaskId, cancellationToken: Cancellation);

        for (int time = 0; time < 2; time++)
        {
            KlingException failure = await Assert.ThrowsAsync<KlingException>(() => client.WaitAsync(failed, cancellationToken: Cancellation));
            Assert.Equal(KlingErrorId.TaskFailed, failure.Id);
            Assert.Contains("No face was found", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_task_that_takes_too_long_is_a_timeout_and_no_failure()
    {
        await using KlingEmulator emulator = await StartAsync(TimeSpan.FromHours(1));
        FakeTimeProvider time = new(DateTimeOffset.UtcNow);
        Task<KlingTask> waiting = ClientOf(emulator, time).WaitAsync(TaskOf(emulator), TimeSpan.FromSeconds(1), cancellationToken: Cancellation);
        await emulator.WaitForAsync(static seen => seen.Counters.Queries > 0, Cancellation);

        time.Advance(TimeSpan.FromSeconds(2));

        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => waiting);
        Assert.Equal(KlingErrorId.WaitTimeout, failure.Id);
        Assert.Equal(emulator.Tasks[0].Id, failure.TaskId);
    }

    [Fact]
    public async Task Who_gives_up_is_let_go_at_once()
    {
        await using KlingEmulator emulator = await StartAsync(TimeSpan.FromHours(1));
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        FakeTimeProvider standing = new();
        Task<KlingTask> waiting = ClientOf(emulator, standing).WaitAsync(TaskOf(emulator), cancellationToken: stop.Token);
        await emulator.WaitForAsync(static seen => seen.Counters.Queries > 0, Cancellation);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_job_of_the_journal_is_not_submitted_again()
    {
        await using KlingEmulator emulator = await StartAsync(TimeSpan.FromHours(1));
        KlingClient client = ClientOf(emulator);
        List<string> told = [];
        string first, second;
        using (JobJournal journal = JobJournal.Open(_folder.Combine("jobs.journal"), TimeProvider.System))
        {
            first = (await client.SubmitAsync(Job(), journal, told.Add, Cancellation)).TaskId;
        }

        using (JobJournal journal = JobJournal.Open(_folder.Combine("jobs.journal"), TimeProvider.System))
        {
            second = (await client.SubmitAsync(Job(), journal, told.Add, Cancellation)).TaskId;
        }

        Assert.Equal(first, second);
        Assert.Equal(1, emulator.Counters.Submits);
        Assert.Equal([$"{first} submitted: {Job()}", $"{Job()}: the journal has task {first}"], told);
    }

    [Fact]
    public async Task Who_waits_is_told_of_what_the_tasks_journal_does_not_take()
    {
        await using KlingEmulator emulator = await StartAsync(TimeSpan.Zero);
        KlingClient client = ClientOf(emulator);
        List<string> told = [];
        KlingTask task;
        using (JobJournal journal = JobJournal.Open(_folder.Combine("jobs.journal"), TimeProvider.System))
        {
            task = await client.SubmitAsync(Job(), journal, cancellationToken: Cancellation);
        }

        File.Delete(_folder.Combine("jobs.journal"));

        Assert.True((await client.WaitAsync(task, tell: told.Add, cancellationToken: Cancellation)).HasEnded);
        string warning = Assert.Single(told, static line => line.Contains("jobs.journal", StringComparison.Ordinal));
        Assert.Contains(task.TaskId, warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_videos_of_a_task_are_saved_once()
    {
        await using KlingEmulator emulator = await StartAsync(TimeSpan.Zero);
        KlingClient client = ClientOf(emulator);
        KlingTask ended = await client.WaitAsync(TaskOf(emulator), cancellationToken: Cancellation);

        string file = Assert.Single(await client.SaveAsync(ended, _folder.Combine("videos"), cancellationToken: Cancellation));
        long downloads = emulator.Counters.Downloads;
        Assert.Equal([file], await client.SaveAsync(ended, _folder.Combine("videos"), cancellationToken: Cancellation));

        Assert.Equal(Path.Combine(_folder.Combine("videos"), $"{ended.TaskId}.mp4"), file);
        Assert.True(File.Exists(file));
        Assert.Equal(downloads, emulator.Counters.Downloads);
    }

    [Fact]
    public async Task A_task_without_videos_says_why_it_has_none()
    {
        await using KlingEmulator emulator = await StartAsync(TimeSpan.Zero);
        KlingTask failed = new() { TaskId = "t", Status = KlingTaskStatus.Failed };
        KlingException failure = await Assert.ThrowsAsync<KlingException>(
            () => ClientOf(emulator).SaveAsync(failed, _folder.Combine("videos"), cancellationToken: Cancellation));
        Assert.Equal(KlingErrorId.TaskFailed, failure.Id);
    }

    private static Task<KlingEmulator> StartAsync(TimeSpan generationTime) =>
        KlingEmulator.StartAsync(new EmulatorOptions { GenerationTime = generationTime }, Cancellation);

    private static KlingClient ClientOf(KlingEmulator emulator, TimeProvider? time = null) =>
        new(new KlingClientOptions { ApiKey = emulator.ApiKey, BaseUri = emulator.BaseUri, Time = time ?? TimeProvider.System });

    private static KlingTask TaskOf(KlingEmulator emulator) => new() { TaskId = emulator.AddTask().Id };

    private static EffectJob Job() => new() { Scene = "hug", Images = [ImageSource.Parse("https://host/a.jpg"), ImageSource.Parse("https://host/b.jpg")] };
}
