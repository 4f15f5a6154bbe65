using Xunit;

namespace KlingEffects.Tests.Videos;

/// <summary>Answers that no well-kept host gives, byte for byte.</summary>
public sealed class OddHostTests : IDisposable
{
    private const string Tag = "ETag: \"v1\"";

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
    [InlineData(".webm", 60_000)]
    public async Task Without_a_length_what_its_content_does_not_tell_to_be_whole_is_not_saved(string extension, int length)
    {
        byte[] part = extension == ".webm" ? [0x1A, 0x45, 0xDF, 0xA3, .. Video[4..]] : Video[..length];
        await using ScriptedHost host = new(ScriptedHost.Answer("200 OK", part));

        KlingException failure = await Assert.ThrowsAsync<KlingException>(
            () => new VideoSaver(_time).SaveAsync(host.Request(_folder.Combine("a" + extension)), TestContext.Current.CancellationToken));

        Assert.Equal(KlingErrorId.DownloadFailed, failure.Id);
        Assert.Contains("told no length", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Files);
    }

    [Fact]
    public async Task A_partial_file_of_another_task_is_not_gone_on_from_though_its_validator_fits()
    {
        const string dates = "Date: Sun, 22 Nov 2026 08:00:02 GMT\r\nLast-Modified: Sun, 22 Nov 2026 08:00:00 GMT";
        byte[] other = ScriptedHost.Video(60_000, step: 17);
        await using ScriptedHost host = new(
            ScriptedHost.Answer($"200 OK\r\n{dates}\r\nContent-Length: 60000", other[..30_000]),
            ScriptedHost.Answer("400 Bad Request"),
            ScriptedHost.Answer($"200 OK\r\n{dates}\r\nContent-Length: 60000", Video));
        SaveRequest request = host.Request(Target);
        await Assert.ThrowsAsync<KlingException>(() => new VideoSaver(_time).SaveAsync(
            request with { Task = new KlingTask { TaskId = "t-2" } }, TestContext.Current.CancellationToken));
        Assert.EndsWith(".partial", Assert.Single(Files), StringComparison.Ordinal);

        await new VideoSaver(_time).SaveAsync(request, TestContext.Current.CancellationToken);

        Assert.DoesNotContain("Range:", host.Requests[^1], StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Video, await File.ReadAllBytesAsync(Target, TestContext.Current.CancellationToken));
        Assert.Equal(["a.mp4"], Files);
    }

    [Fact]
    public async Task A_validator_that_no_request_can_repeat_is_none()
    {
        IReadOnlyList<string> requests = await SavesAsync(
            2,
            ScriptedHost.Answer("200 OK\r\nETag: \"v\u00E9\"\r\nContent-Length: 60000", Video[..30_000]),
            ScriptedHost.Answer("200 OK\r\nContent-Length: 60000", Video));
        Assert.DoesNotContain("Range:", requests[1], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Without_a_strong_validator_a_broken_download_begins_anew()
    {
        IReadOnlyList<string> requests = await SavesAsync(
            2,
            ScriptedHost.Answer("200 OK\r\nETag: W/\"v1\"\r\nContent-Length: 60000", Video[..30_000]),
            ScriptedHost.Answer("200 OK\r\nContent-Length: 60000", Video));
        Assert.DoesNotContain("Range:", requests[1], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_date_of_change_validates_if_it_is_older_than_the_answer()
    {
        const string changed = "Sun, 22 Nov 2026 08:00:00 GMT";
        string dates = $"Date: Sun, 22 Nov 2026 08:00:02 GMT\r\nLast-Modified: {changed}";
        IReadOnlyList<string> requests = await SavesAsync(
            2,
            ScriptedHost.Answer($"200 OK\r\n{dates}\r\nContent-Length: 60000", Video[..30_000]),
            ScriptedHost.Answer($"206 Partial Content\r\n{dates}\r\nContent-Range: bytes 30000-59999/60000\r\nContent-Length: 30000", Video[30_000..]));
        Assert.Contains($"If-Range: {changed}\r\n", requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_date_of_change_as_young_as_the_answer_does_not_validate()
    {
        const string dates = "Date: Sun, 22 Nov 2026 08:00:00 GMT\r\nLast-Modified: Sun, 22 Nov 2026 08:00:00 GMT";
        IReadOnlyList<string> requests = await SavesAsync(
            2,
            ScriptedHost.Answer($"200 OK\r\n{dates}\r\nContent-Length: 60000", Video[..30_000]),
            ScriptedHost.Answer($"200 OK\r\n{dates}\r\nContent-Length: 60000", Video));
        Assert.DoesNotContain("Range:", requests[1], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_host_that_gives_one_piece_at_a_time_is_asked_for_the_next()
    {
        await SavesAsync(
            3,
            ScriptedHost.Answer($"200 OK\r\n{Tag}\r\nContent-Length: 60000", Video[..20_000]),
            ScriptedHost.Answer($"206 Partial Content\r\n{Tag}\r\nContent-Range: bytes 20000-39999/60000\r\nContent-Length: 20000", Video[20_000..40_000]),
            ScriptedHost.Answer($"206 Partial Content\r\n{Tag}\r\nContent-Range: bytes 40000-59999/60000\r\nContent-Length: 20000", Video[40_000..]));
    }

    [Theory]
    [InlineData("bytes 29999-59999/60000")]
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
    public async Task A_host_that_drips_bytes_is_given_up()
    {
        byte[][] drips =
        [
            ScriptedHost.Answer($"200 OK\r\n{Tag}\r\nContent-Length: 60000", Video[..20_000]),
            .. Enumerable.Range(0, 10).Select(i => ScriptedHost.Answer(
                $"206 Partial Content\r\n{Tag}\r\nContent-Range: bytes {20_000 + i}-59999/60000\r\nContent-Length: {40_000 - i}", Video[(20_000 + i)..(20_001 + i)])),
        ];
        await using ScriptedHost host = new(drips);

        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => new VideoSaver(_time).SaveAsync(host.Request(Target), TestContext.Current.CancellationToken));

        Assert.Equal(KlingErrorId.DownloadFailed, failure.Id);
        Assert.Equal(5, host.Requests.Count);
        Assert.EndsWith(".partial", Assert.Single(Files), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_validator_is_good_for_this_run_only()
    {
        string longTag = $"ETag: \"{new string('x', 300)}\"";
        await using ScriptedHost host = new(
            ScriptedHost.Answer($"200 OK\r\n{longTag}\r\nContent-Length: 60000", Video[..30_000]),
            ScriptedHost.Answer("400 Bad Request"));
        string[] during = [];
        _time.Pausing = _ => during = Files;

        await Assert.ThrowsAsync<KlingException>(() => new VideoSaver(_time).SaveAsync(host.Request(Target), TestContext.Current.CancellationToken));

        Assert.Contains("Range: bytes=30000-", host.Requests[1], StringComparison.Ordinal);
        Assert.Equal(["a.mp4.partial"], during);
        Assert.Empty(Files);
    }

    private async Task<IReadOnlyList<string>> SavesAsync(int requests, params byte[][] answers)
    {
        await using ScriptedHost host = new(answers);
        SavedVideo saved = await new VideoSaver(_time).SaveAsync(host.Request(Target), TestContext.Current.CancellationToken);
        Assert.Equal(requests, host.Requests.Count);
        Assert.Equal(Video, await File.ReadAllBytesAsync(saved.Path, TestContext.Current.CancellationToken));
        Assert.Equal(["a.mp4"], Files);
        return host.Requests;
    }
}
