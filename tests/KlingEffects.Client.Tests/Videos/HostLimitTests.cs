using KlingEffects.Policies;
using KlingEffects.Videos.Transfer;
using Microsoft.Extensions.Time.Testing;

namespace KlingEffects.Tests.Videos;

/// <summary>How many connections a host gets, and for how long one is given up.</summary>
public sealed class HostLimitTests : IDisposable
{
    private static readonly byte[] Video = ScriptedHost.Video(60_000);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_host_gets_as_many_connections_as_it_bears()
    {
        const int videos = 8;
        const int borne = 2;
        int open = 0;
        int refused = 0;
        TaskCompletionSource someRefused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ConcurrentHost host = new ConcurrentHost(async head =>
        {
            if (Interlocked.Increment(ref open) > borne)
            {
                Interlocked.Decrement(ref open);
                Interlocked.Increment(ref refused);
                someRefused.TrySetResult();
                return ScriptedHost.Answer("503 Service Unavailable");
            }

            await someRefused.Task;
            Interlocked.Decrement(ref open);
            return ScriptedHost.Serve(head, Video);
        }).Open();

        SavedVideo[] saved = await Task.WhenAll(Enumerable.Range(0, videos).Select(number => VideoScene.NewSaver(new DrivenTime()).SaveAsync(
            new SaveRequest { Task = new KlingTask { TaskId = $"{number}" }, Video = new KlingVideo { Url = $"{host.Origin}/{number}.mp4" }, Path = _folder.Combine($"{number}.mp4") },
            TestContext.Current.CancellationToken)));

        Assert.All(saved, static video => Assert.Equal(Video.Length, video.Length));
        Assert.InRange(refused, 1, 3 * videos);
    }

    [Fact]
    public async Task A_host_that_was_given_up_is_one_for_minutes_or_until_something_comes()
    {
        FakeTimeProvider time = new();
        HostLimit host = HostLimit.For(new Uri("http://given-up.test/"), time);
        host.GiveUp();
        time.Advance(Policy.Download.MaxElapsed!.Value - TimeSpan.FromSeconds(1));
        Assert.True(host.IsGivenUp);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(host.IsGivenUp);

        host.GiveUp();
        await host.EnterAsync(TestContext.Current.CancellationToken);
        host.RecordSuccess();
        Assert.False(host.IsGivenUp);
    }

    [Fact]
    public async Task A_limit_sinks_with_each_refusal_of_many_and_rises_while_it_goes_well()
    {
        HostLimit limit = HostLimit.For(new Uri($"http://limit-{Guid.NewGuid():N}.test/"), TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => limit.EnterAsync(TestContext.Current.CancellationToken)));
        for (int refused = 0; refused < 2; refused++)
        {
            limit.RecordRefusal();
            limit.Leave();
        }

        using CancellationTokenSource impatient = new();
        Task gaveUp = limit.EnterAsync(impatient.Token);
        Task waiting = limit.EnterAsync(TestContext.Current.CancellationToken);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gaveUp);
        Assert.False(waiting.IsCompleted);
        limit.RecordSuccess();
        limit.Leave();
        await waiting;
        limit.Leave();
        limit.RecordRefusal(); // alone: not for being one too many
        await limit.EnterAsync(TestContext.Current.CancellationToken);
        await limit.EnterAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_wait_whose_report_fails_keeps_no_place()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        HostLimit limit = HostLimit.For(new Uri($"http://limit-{Guid.NewGuid():N}.test/"), TimeProvider.System);
        await Task.WhenAll(limit.EnterAsync(stop), limit.EnterAsync(stop));
        limit.RecordRefusal();
        limit.Leave(); // one is left, and one place
        TaskCompletionSource reported = new();
        Task waiting = limit.EnterAsync(stop, async () => await reported.Task);
        limit.Leave();
        reported.SetException(new OperationCanceledException());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await limit.EnterAsync(stop).WaitAsync(TimeSpan.FromSeconds(10), stop);
    }
}
