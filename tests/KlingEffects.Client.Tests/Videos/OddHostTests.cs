using Xunit;

namespace KlingEffects.Tests.Videos;

/// <summary>Answers that no well-kept host gives, byte for byte.</summary>
public sealed class OddHostTests : IDisposable
{
    private const string Tag = "ETag: \"v1\"";
    private const string AskedFrom = "Range: bytes=25904-";

    private static readonly byte[] Video = ScriptedHost.Video(60_000);

    private readonly TemporaryFolder _folder = new();
    private readonly DrivenTime _time = new();

    private string Target => _folder.Combine("a.mp4");

    private string[] Files => [.. Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName)!];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_chunked_answer_is_complete_at_its_last_chunk()
    {
        byte[] chunked = [.. "ea60\r\n"u8, .. Video, .. "\r\n0\r\n\r\n"u8];
        await SavesAsync(1, ScriptedHost.Answer("200 OK\r\nTransfer-Encoding: chunked", chunked));
    }

    [Fact]
    public async Task A_chunked_answer_that_breaks_off_is_not_complete()
    {
        byte[] broken = [.. "ea60\r\n"u8, .. Video[..30_000]];
        byte[] whole = [.. "ea60\r\n"u8, .. Video, .. "\r\n0\r\n\r\n"u8];
        await SavesAsync(
            2,
            ScriptedHost.Answer("200 OK\r\nTransfer-Encoding: chunked", broken),
            ScriptedHost.Answer("200 OK\r\nTransfer-Encoding: chunked", whole));
    }

    [Fact]
    public async Task Without_a_length_the_content_tells_whether_it_broke_off() =>
        await SavesAsync(2, ScriptedHost.Answer("200 OK", Video[..30_000]), ScriptedHost.Answer("200 OK", Video));

    [Theory]
    [InlineData(".mp4", 24)]
    [InlineData(".mp4", 30_000)]
    [InlineData(".webm", 60_000)]
    public async Task What_its_container_does_not_tell_to_be_whole_is_not_saved_whatever_the_headers_tell(string extension, int length)
    {
        byte[] part = extension == ".webm" ? [0x1A, 0x45, 0xDF, 0xA3, .. Video[4..]] : Video[..length];
        foreach (string told in (string[])["X-Nothing: 1", $"Content-Length: {part.Length}"])
        {
            await using ScriptedHost host = new(ScriptedHost.Answer($"200 OK\r\n{told}", part));
            KlingException failure = await Assert.ThrowsAsync<KlingException>(
                () => VideoScene.NewSaver(_time).SaveAsync(host.Request(_folder.Combine("a" + extension)), TestContext.Current.CancellationToken));

            Assert.Equal(KlingErrorId.DownloadFailed, failure.Id);
            Assert.Contains("no whole video", failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(Files, static name => !name.EndsWith(".kling.partial", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_partial_file_of_another_task_is_not_gone_on_from()
    {
        byte[] other = ScriptedHost.Video(60_000, step: 17);
        await using ScriptedHost host = new(
            ScriptedHost.Answer("200 OK\r\nContent-Length: 60000", other[..30_000]), ScriptedHost.Answer("407 Login"), ScriptedHost.Answer("200 OK\r\nContent-Length: 60000", Video));
        SaveRequest request = host.Request(Target);
        await Assert.ThrowsAsync<KlingException>(() => VideoScene.NewSaver(_time).SaveAsync(
            request with { Task = new KlingTask { TaskId = "t-2" } }, TestContext.Current.CancellationToken));
        string partial = Assert.Single(Files);

        await VideoScene.NewSaver(_time).SaveAsync(request, TestContext.Current.CancellationToken);

        Assert.DoesNotContain("Range:", host.Requests[^1], StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Video, await File.ReadAllBytesAsync(Target, TestContext.Current.CancellationToken));
        Assert.Equal(["a.mp4", partial], Files.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("ETag: \"v1\"", "ETag: \"v1\"")]
    [InlineData("ETag: \"v1\"", "ETag: \"node-2\"")]
    [InlineData("ETag: W/\"v1\"", "ETag: W/\"v1\"")]
    [InlineData("ETag: \"v\u00E9\"", "X-Nothing: 1")]
    [InlineData("X-Nothing: 1", "X-Nothing: 1")]
    public async Task A_download_goes_on_with_an_overlap_whatever_the_host_calls_its_version(string before, string after)
    {
        IReadOnlyList<string> requests = await SavesAsync(
            2, ScriptedHost.Answer($"200 OK\r\n{before}\r\nContent-Length: 60000", Video[..30_000]), ScriptedHost.Serve(AskedFrom, Video, after + "\r\n"));
        Assert.Contains(AskedFrom + "\r\n", requests[1], StringComparison.Ordinal);
        Assert.DoesNotContain("If-Range", requests[1], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_host_that_gives_one_piece_at_a_time_is_asked_for_the_next()
    {
        await SavesAsync(
            3,
            ScriptedHost.Answer($"200 OK\r\n{Tag}\r\nContent-Length: 60000", Video[..20_000]),
            ScriptedHost.Answer($"206 Partial Content\r\n{Tag}\r\nContent-Range: bytes 15904-39999/60000\r\nContent-Length: 24096", Video[15_904..40_000]),
            ScriptedHost.Answer($"206 Partial Content\r\n{Tag}\r\nContent-Range: bytes 35904-59999/60000\r\nContent-Length: 24096", Video[35_904..]));
    }

    [Theory]
    [InlineData("bytes 25904-59999/60000")]
    [InlineData("bytes 29999-59999/60000")]
    [InlineData("bytes 30000-59999/60000")]
    [InlineData("bytes 30001-59999/60000")]
    [InlineData("bytes 30000-60000/60000")]
    [InlineData("chars 30000-59999/60000")]
    [InlineData("nonsense")]
    public async Task A_part_that_does_not_fit_is_not_appended(string range) => await SavesAsync(
        3,
        ScriptedHost.Answer($"200 OK\r\n{Tag}\r\nContent-Length: 60000", Video[..30_000]),
        ScriptedHost.Answer($"206 Partial Content\r\n{Tag}\r\nContent-Range: {range}\r\nContent-Length: 30000", new byte[30_000]),
        ScriptedHost.Answer($"200 OK\r\n{Tag}\r\nContent-Length: 60000", Video));

    [Fact]
    public async Task A_part_of_another_version_is_not_appended() => await SavesAsync(
        3,
        ScriptedHost.Answer($"200 OK\r\n{Tag}\r\nContent-Length: 60000", Video[..30_000]),
        ScriptedHost.Answer("206 Partial Content\r\nETag: \"v2\"\r\nContent-Range: bytes 30000-59999/60000\r\nContent-Length: 30000", new byte[30_000]),
        ScriptedHost.Answer($"200 OK\r\n{Tag}\r\nContent-Length: 60000", Video));

    [Theory]
    [InlineData("Content-Range: bytes */20000")]
    [InlineData("Content-Type: text/plain")]
    public async Task A_refused_range_that_does_not_prove_completeness_begins_anew(string header) => await SavesAsync(
        3,
        ScriptedHost.Answer($"200 OK\r\n{Tag}\r\nContent-Length: 60000", Video[..30_000]),
        ScriptedHost.Answer($"416 Range Not Satisfiable\r\n{header}\r\nContent-Length: 0"),
        ScriptedHost.Answer($"200 OK\r\n{Tag}\r\nContent-Length: 60000", Video));

    [Fact]
    public async Task A_host_that_gives_next_to_nothing_is_given_up_after_minutes_and_what_came_stays()
    {
        int given = 20_000;
        await using ScriptedHost host = new(ScriptedHost.Answer("503 Busy"))
        {
            Instead = head => ScriptedHost.From(head) is { } from
                ? ScriptedHost.Answer($"206 Partial Content\r\nContent-Range: bytes {from}-59999/60000\r\nContent-Length: {60_000 - from}", Video[from..++given])
                : ScriptedHost.Answer("200 OK\r\nContent-Length: 60000", Video[..given]),
        };

        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => VideoScene.NewSaver(_time).SaveAsync(host.Request(Target), TestContext.Current.CancellationToken));

        Assert.Equal(KlingErrorId.DownloadFailed, failure.Id);
        Assert.Contains("nothing new came for 5 minutes", failure.Message, StringComparison.Ordinal);
        Assert.InRange(_time.Pauses.Sum(static pause => pause.TotalMinutes), 5, 6);
        Assert.Equal(given, new FileInfo(_folder.Combine(Assert.Single(Files))).Length);
    }

    private async Task<IReadOnlyList<string>> SavesAsync(int requests, params byte[][] answers)
    {
        await using ScriptedHost host = new(answers);
        SavedVideo saved = await VideoScene.NewSaver(_time).SaveAsync(host.Request(Target), TestContext.Current.CancellationToken);
        Assert.Equal(requests, host.Requests.Count);
        Assert.Equal(Video, await File.ReadAllBytesAsync(saved.Path, TestContext.Current.CancellationToken));
        Assert.Equal(["a.mp4"], Files);
        return host.Requests;
    }
}
