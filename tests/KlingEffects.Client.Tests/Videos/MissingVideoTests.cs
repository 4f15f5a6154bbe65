using Xunit;

namespace KlingEffects.Tests.Videos;

/// <summary>A young task's video that its host does not have yet, in whatever status it says so, is asked for again; only an old one's is gone.</summary>
public sealed class MissingVideoTests : IDisposable
{
    private static readonly byte[] Found = ScriptedHost.Answer("200 OK\r\nContent-Length: 60000", ScriptedHost.Video(60_000));

    private readonly TemporaryFolder _folder = new();
    private readonly DrivenTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("404 Not Found")]
    [InlineData("403 Forbidden")]
    [InlineData("409 Conflict")]
    [InlineData("410 Gone")]
    [InlineData("423 Locked")]
    [InlineData("425 Too Early")]
    [InlineData("400 Bad Request")]
    [InlineData("202 Accepted")]
    [InlineData("204 No Content")]
    [InlineData("503 Busy")]
    [InlineData("500 Error")]
    [InlineData("200 OK\r\nContent-Length: 0")]
    public async Task What_is_not_there_yet_is_asked_for_until_it_is(string answer)
    {
        List<string> reports = [];
        await using ScriptedHost host = new([.. Enumerable.Repeat(ScriptedHost.Answer(answer), 5), Found]);
        SaveRequest request = Ended(host, TimeSpan.FromSeconds(3)) with
        {
            ReportWait = why =>
            {
                reports.Add(why);
                return default;
            },
        };

        await SaveAsync(request);

        Assert.Equal(6, host.Requests.Count);
        Assert.Single(reports);
    }

    [Theory]
    [InlineData(-3600, KlingErrorId.DownloadFailed, 100, 140)] // the clocks differ
    [InlineData(0, KlingErrorId.DownloadFailed, 100, 140)]
    [InlineData(90, KlingErrorId.DownloadFailed, 20, 45)]
    [InlineData(130, KlingErrorId.DownloadFailed, 0, 0)]
    [InlineData(2 * 3600, KlingErrorId.VideoExpired, 0, 0)]
    [InlineData(null, KlingErrorId.VideoExpired, 100, 140)]
    public async Task One_that_never_comes_is_expired_only_where_the_tasks_end_lies_far_back(int? age, KlingErrorId expected, int least, int most)
    {
        await using ScriptedHost host = new(ScriptedHost.Answer("404 Not Found", "<Error><Code>NoSuchKey</Code></Error>"u8.ToArray()));

        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => SaveAsync(Ended(host, age is { } seconds ? TimeSpan.FromSeconds(seconds) : null)));

        Assert.Equal(expected, failure.Id);
        Assert.Equal(expected == KlingErrorId.VideoExpired, failure.RecommendedAction!.Contains("submit", StringComparison.Ordinal));
        Assert.InRange(_time.Pauses.Sum(static pause => pause.TotalSeconds), least, most);
    }

    [Fact]
    public async Task The_age_is_by_the_hosts_clock_where_this_machines_is_wrong()
    {
        string date = (_time.GetUtcNow() - TimeSpan.FromHours(5)).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        await using ScriptedHost host = new(ScriptedHost.Answer($"404 Not Found\r\nDate: {date}"), ScriptedHost.Answer($"404 Not Found\r\nDate: {date}"), Found);
        await SaveAsync(Ended(host, TimeSpan.FromHours(5)));
        Assert.Equal(3, host.Requests.Count);
    }

    [Fact]
    public async Task One_that_gave_a_part_has_it_however_old_the_task_is()
    {
        byte[] video = ScriptedHost.Video(60_000);
        await using ScriptedHost host = new(
            ScriptedHost.Answer("200 OK\r\nContent-Length: 60000", video[..30_000]),
            ScriptedHost.Answer("404 Not Found"),
            ScriptedHost.Answer("404 Not Found"),
            ScriptedHost.Serve("Range: bytes=25904-", video));
        await SaveAsync(Ended(host, TimeSpan.FromDays(3)));
        Assert.Equal(4, host.Requests.Count);
    }

    private SaveRequest Ended(ScriptedHost host, TimeSpan? ago) => host.Request(_folder.Combine("a.mp4")) with
    {
        Task = new KlingTask { TaskId = "t-1", UpdatedAt = _time.GetUtcNow() - ago },
        RefreshUrl = _ => Task.FromResult<string?>(host.Url),
    };

    private Task<SavedVideo> SaveAsync(SaveRequest request) => VideoScene.NewSaver(_time).SaveAsync(request, TestContext.Current.CancellationToken);
}
