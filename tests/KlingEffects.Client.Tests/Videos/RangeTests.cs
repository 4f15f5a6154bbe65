using System.IO.Compression;
using Xunit;

namespace KlingEffects.Tests.Videos;

/// <summary>Ranges as hosts do them: what can be used is used, what does not belong together is not joined.</summary>
public sealed class RangeTests : IDisposable
{
    private const string Tag = "ETag: \"v1\"";

    private static readonly byte[] Video = ScriptedHost.Video(60_000);
    private static readonly byte[] Other = ScriptedHost.Video(60_000, step: 17);
    private static readonly byte[] Broken = ScriptedHost.Answer($"200 OK\r\n{Tag}\r\nContent-Length: 60000", Video[..30_000]);
    private static readonly byte[] Whole = ScriptedHost.Answer($"200 OK\r\n{Tag}\r\nContent-Length: 60000", Video);

    private readonly TemporaryFolder _folder = new();
    private readonly DrivenTime _time = new();

    private string Target => _folder.Combine("a.mp4");

    private string[] Files => [.. Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName)!];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bytes 0-59999/60000")]
    [InlineData("Bytes 0-59999/60000")]
    [InlineData("bytes 0-59999/*")]
    public async Task The_whole_as_a_part_that_nobody_asked_for_is_the_whole(string range) =>
        await SavesAsync(1, ScriptedHost.Answer($"206 Partial Content\r\n{Tag}\r\nContent-Range: {range}\r\nContent-Length: 60000", Video));

    [Fact]
    public async Task A_part_without_a_range_that_is_the_whole_by_its_content_is_the_whole() =>
        await SavesAsync(1, ScriptedHost.Answer($"206 Partial Content\r\n{Tag}\r\nContent-Length: 60000", Video));

    [Theory]
    [InlineData("60000")]
    [InlineData("*")]
    public async Task Of_a_first_part_that_nobody_asked_for_the_rest_is_asked_for_at_once(string total)
    {
        IReadOnlyList<string> requests = await SavesAsync(
            2,
            ScriptedHost.Answer($"206 Partial Content\r\n{Tag}\r\nContent-Range: bytes 0-39999/{total}\r\nContent-Length: 40000", Video[..40_000]),
            ScriptedHost.Answer($"206 Partial Content\r\n{Tag}\r\nContent-Range: BYTES 40000-59999/{total}\r\nContent-Length: 20000", Video[40_000..]));
        Assert.Contains("Range: bytes=40000-\r\n", requests[1], StringComparison.Ordinal);
        Assert.Empty(_time.Pauses);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Parts_of_a_host_that_names_no_version_are_joined_where_they_overlap(bool isSame)
    {
        byte[] rest = isSame ? Video : Other;
        IReadOnlyList<string> requests = await SavesAsync(
            isSame ? 2 : 3,
            ScriptedHost.Answer("206 Partial Content\r\nContent-Range: bytes 0-39999/60000\r\nContent-Length: 40000", Video[..40_000]),
            ScriptedHost.Answer("206 Partial Content\r\nContent-Range: bytes 0-59999/60000\r\nContent-Length: 60000", rest),
            Whole);
        Assert.Contains("Range: bytes=0-\r\n", requests[1], StringComparison.Ordinal);
        Assert.DoesNotContain("If-Range", requests[1], StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Bytes 30000-59999/60000")]
    [InlineData("bytes=30000-59999/60000")]
    [InlineData("bytes 30000-59999/*")]
    public async Task A_rest_is_taken_in_whatever_words(string range) => await SavesAsync(
        2, Broken, ScriptedHost.Answer($"206 Partial Content\r\n{Tag}\r\nContent-Range: {range}\r\nContent-Length: 30000", Video[30_000..]));

    [Theory]
    [InlineData("206 Partial Content\r\nETag: \"v1\"\r\nContent-Range: bytes 0-59999/60000")]
    [InlineData("206 Partial Content\r\nContent-Range: bytes 0-59999/60000")]
    [InlineData("200 OK\r\nETag: \"v1\"")]
    [InlineData("200 OK\r\nETag: \"v2\"")]
    [InlineData("200 OK")]
    public async Task The_whole_in_place_of_the_rest_is_the_whole(string head) =>
        await SavesAsync(2, Broken, ScriptedHost.Answer($"{head}\r\nContent-Length: 60000", Video));

    [Fact]
    public async Task More_than_the_rest_is_taken_from_where_it_is_new() => await SavesAsync(
        2, Broken, ScriptedHost.Answer($"206 Partial Content\r\n{Tag}\r\nContent-Range: bytes 20000-59999/60000\r\nContent-Length: 40000", Video[20_000..]));

    [Theory]
    [InlineData("ETag: \"v1\"")]
    [InlineData("ETag: \"v2\"")]
    [InlineData("X-Nothing: 1")]
    public async Task A_changed_file_is_never_joined(string tag) => await SavesAsync(
        tag.Contains("v2", StringComparison.Ordinal) ? 2 : 3,
        ScriptedHost.Answer($"200 OK\r\n{Tag}\r\nContent-Length: 60000", Other[..30_000]),
        ScriptedHost.Answer($"206 Partial Content\r\n{tag}\r\nContent-Range: bytes 0-59999/60000\r\nContent-Length: 60000", Video),
        Whole);

    [Fact]
    public async Task A_part_of_a_file_of_another_length_is_not_joined() => await SavesAsync(
        3, Broken, ScriptedHost.Answer("206 Partial Content\r\nContent-Range: bytes 30000-69999/70000\r\nContent-Length: 40000", new byte[40_000]), Whole);

    [Fact]
    public async Task What_is_there_stays_until_something_better_has_come()
    {
        await using ScriptedHost host = new(
            Broken, ScriptedHost.Answer($"206 Partial Content\r\n{Tag}\r\nContent-Range: bytes 7-9/60000\r\nContent-Length: 3", new byte[3]), ScriptedHost.Answer("400 Bad"));
        await Assert.ThrowsAsync<KlingException>(() => SaveAsync(host));
        string partial = Assert.Single(Files);
        Assert.Equal(30_000, new FileInfo(_folder.Combine(partial)).Length);
    }

    [Theory]
    [InlineData("X-Nothing: 1")]
    [InlineData("Content-Range: bytes */*")]
    [InlineData("Content-Range: bytes */60000")]
    [InlineData("Content-Range: BYTES */60000")]
    public async Task A_file_that_is_complete_needs_no_length_of_the_host(string header)
    {
        await using ScriptedHost host = new(
            ScriptedHost.Answer($"200 OK\r\n{Tag}\r\nContent-Length: 60000", Video), ScriptedHost.Answer($"416 Range Not Satisfiable\r\n{header}\r\nContent-Length: 0"));
        VideoSaver held = new(_time) { Rename = static (_, _, _) => throw new UnauthorizedAccessException() };
        await Assert.ThrowsAsync<KlingException>(() => held.SaveAsync(host.Request(Target), TestContext.Current.CancellationToken));

        SavedVideo saved = await SaveAsync(host);

        Assert.Equal(2, host.Requests.Count);
        Assert.Contains("Range: bytes=60000-", host.Requests[1], StringComparison.Ordinal);
        Assert.Equal(Video, await File.ReadAllBytesAsync(saved.Path, TestContext.Current.CancellationToken));
        Assert.Equal(["a.mp4"], Files);
    }

    [Fact]
    public async Task What_is_compressed_unasked_is_decompressed()
    {
        using MemoryStream packed = new();
        await using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Video, TestContext.Current.CancellationToken);
        }

        await SavesAsync(1, ScriptedHost.Answer($"200 OK\r\n{Tag}\r\nContent-Encoding: gzip\r\nContent-Length: {packed.Length}", packed.ToArray()));
    }

    [Theory]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("gzip, br")]
    public async Task What_is_compressed_otherwise_is_one_clear_error(string encoding)
    {
        await using ScriptedHost host = new(ScriptedHost.Answer($"200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: 60000", Video));
        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => SaveAsync(host));
        Assert.Equal(KlingErrorId.DownloadFailed, failure.Id);
        Assert.Contains($"compressed ({encoding})", failure.Message, StringComparison.Ordinal);
        Assert.Single(host.Requests);
    }

    private async Task<IReadOnlyList<string>> SavesAsync(int requests, params byte[][] answers)
    {
        await using ScriptedHost host = new(answers);
        SavedVideo saved = await SaveAsync(host);
        Assert.Equal(Video, await File.ReadAllBytesAsync(saved.Path, TestContext.Current.CancellationToken));
        Assert.Equal(requests, host.Requests.Count);
        Assert.Equal(["a.mp4"], Files);
        return host.Requests;
    }

    private Task<SavedVideo> SaveAsync(ScriptedHost host) => new VideoSaver(_time).SaveAsync(host.Request(Target), TestContext.Current.CancellationToken);
}
