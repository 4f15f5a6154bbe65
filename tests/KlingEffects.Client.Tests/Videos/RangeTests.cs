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
            ScriptedHost.Answer($"206 Partial Content\r\n{Tag}\r\nContent-Range: BYTES 35904-59999/{total}\r\nContent-Length: 24096", Video[35_904..]));
        Assert.Contains("Range: bytes=35904-\r\n", requests[1], StringComparison.Ordinal);
        Assert.Empty(_time.Pauses);
    }

    [Theory]
    [InlineData("206 Partial Content\r\nContent-Range: Bytes 25904-59999/60000")]
    [InlineData("206 Partial Content\r\nContent-Range: bytes=25904-59999/60000")]
    [InlineData("206 Partial Content\r\nContent-Range: bytes 25904-59999/*")]
    [InlineData("206 Partial Content\r\nContent-Range: bytes 0-34095/34096")]
    [InlineData("206 Partial Content")]
    [InlineData("200 OK\r\nContent-Range: bytes 25904-59999/60000")]
    [InlineData("200 OK\r\nContent-Length: 34096")]
    [InlineData("203 Transformed\r\nContent-Length: 34096")]
    public async Task A_rest_is_taken_in_whatever_words_and_under_whatever_status(string head) => await SavesAsync(
        2, Broken, ScriptedHost.Answer(head, Video[25_904..]));

    [Fact]
    public async Task A_line_that_breaks_each_few_bytes_is_borne_with_whatever_the_node_calls_its_version()
    {
        int answers = 0;
        await using ScriptedHost host = new(Broken)
        {
            Instead = head =>
            {
                byte[] whole = ScriptedHost.Serve(head, Video, $"ETag: \"node-{++answers}\"\r\n");
                return whole[..Math.Min(whole.Length, 12_000)];
            },
        };
        SavedVideo saved = await SaveAsync(host);
        Assert.Equal(Video, await File.ReadAllBytesAsync(saved.Path, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-4)]
    [InlineData(1)]
    public async Task Bytes_that_are_shifted_are_no_part_of_it(int by) => await SavesAsync(
        3,
        Broken,
        ScriptedHost.Answer("206 Partial Content\r\nContent-Range: bytes 25904-59999/60000\r\nContent-Length: 34096", [.. Video[(25_904 + by)..Math.Min(60_000, 60_000 + by)], .. new byte[Math.Max(0, by)]]),
        Whole);

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
        2,
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
            Broken, ScriptedHost.Answer($"206 Partial Content\r\n{Tag}\r\nContent-Range: bytes 7-9/60000\r\nContent-Length: 3", new byte[3]), ScriptedHost.Answer("407 Login"));
        await Assert.ThrowsAsync<KlingException>(() => SaveAsync(host));
        string partial = Assert.Single(Files);
        Assert.Equal(30_000, new FileInfo(_folder.Combine(partial)).Length);
    }

    [Theory]
    [InlineData("416 Range Not Satisfiable\r\nContent-Range: bytes */60000\r\nContent-Length: 0")]
    [InlineData("416 Range Not Satisfiable\r\nContent-Length: 0")]
    public async Task A_host_that_gives_no_range_is_asked_for_the_whole_and_nothing_is_written_twice(string refusal) =>
        await SavesAsync(3, Broken, ScriptedHost.Answer(refusal), Whole);

    [Theory]
    [InlineData("Content-Encoding: gzip\r\n")]
    [InlineData("Content-Encoding: x-gzip\r\n")]
    [InlineData("Content-Encoding: utf-8\r\n")]
    [InlineData("")]
    public async Task What_is_gzipped_unasked_is_undone_whether_it_is_named_or_not(string header)
    {
        byte[] packed = Packed(static to => new GZipStream(to, CompressionLevel.Fastest));
        await SavesAsync(1, ScriptedHost.Answer($"200 OK\r\n{header}Content-Length: {packed.Length}", packed));
        File.Delete(Target);
        await SavesAsync(2, Broken, ScriptedHost.Answer($"200 OK\r\n{header}Content-Length: {packed.Length}", packed));
    }

    [Fact]
    public async Task What_is_deflated_is_undone_where_it_is_named()
    {
        byte[] packed = Packed(static to => new ZLibStream(to, CompressionLevel.Fastest));
        await SavesAsync(1, ScriptedHost.Answer($"200 OK\r\nContent-Encoding: deflate\r\nContent-Length: {packed.Length}", packed));
    }

    [Theory]
    [InlineData("aws-chunked")]
    [InlineData("utf-8")]
    [InlineData("none")]
    [InlineData("identity")]
    [InlineData("binary")]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("gzip, br")]
    public async Task What_is_plain_is_taken_as_it_is_whatever_encoding_is_named(string encoding) =>
        await SavesAsync(1, ScriptedHost.Answer($"200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: 60000", Video));

    [Theory]
    [InlineData("br")]
    [InlineData("zstd")]
    public async Task What_is_compressed_otherwise_is_one_clear_error(string encoding)
    {
        await using ScriptedHost host = new(ScriptedHost.Answer($"200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: 6000", Video[24_000..30_000]));
        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => SaveAsync(host));
        Assert.Equal(KlingErrorId.DownloadFailed, failure.Id);
        Assert.Contains($"compressed ({encoding})", failure.Message, StringComparison.Ordinal);
        Assert.Single(host.Requests);
    }

    private static byte[] Packed(Func<Stream, Stream> packer)
    {
        using MemoryStream packed = new();
        using (Stream pack = packer(packed))
        {
            pack.Write(Video);
        }

        return packed.ToArray();
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

    private Task<SavedVideo> SaveAsync(ScriptedHost host) => VideoScene.NewSaver(_time).SaveAsync(host.Request(Target), TestContext.Current.CancellationToken);
}
