using System.IO.Compression;
using System.Text;
using KlingEffects.Api;
using KlingEffects.Policies;
using KlingEffects.Videos.Containers;
using KlingEffects.Videos.Transfer;

namespace KlingEffects.Tests.Videos;

/// <summary>Kinds of hosts (V1 to V14 of the field, 2026-11), one or more examples each.</summary>
public sealed class HostKindTests : IDisposable
{
    private static readonly byte[] Video = ScriptedHost.Video(60_000);
    private static readonly byte[] Found = ScriptedHost.Answer("200 OK\r\nContent-Length: 60000", Video);

    private readonly TemporaryFolder _folder = new();
    private readonly DrivenTime _time = new();

    private string Target => _folder.Combine("a.mp4");

    private string[] Files => [.. Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName)!];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==")]
    [InlineData("Content-MD5", "d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("Digest", "unixsum=30637, SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")]
    [InlineData("Repr-Digest", "sha-512=:z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==:")]
    [InlineData("Content-Digest", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:")]
    [InlineData("x-goog-hash", "crc32c=AAAAAA==,md5=1B2M2Y8AsgTpgAmY7PhCfg==")]
    [InlineData("x-goog-hash", "crc32c=AAAAAA==")]
    [InlineData("x-amz-checksum-crc32", "AAAAAA==")]
    [InlineData("x-amz-checksum-crc64nvme", "AAAAAAAAAAA=")]
    [InlineData("x-oss-hash-crc64ecma", "17")]
    [InlineData("x-ms-blob-content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==")]
    public async Task A_video_that_does_not_fit_its_hosts_digest_is_asked_for_again_and_at_last_an_error(string header, string digest)
    {
        byte[] misfit = ScriptedHost.Answer($"200 OK\r\n{header}: {digest}\r\nContent-Length: 60000", Video);
        await SavesAsync(2, misfit, Found);
        File.Delete(Target);

        await using ScriptedHost host = new(misfit);
        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => SaveAsync(host));
        Assert.Contains($"the digest that it tells ({header})", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Files);
    }

    [Theory]
    [InlineData("x-amz-checksum-sha256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=-3")] // of its parts' digests
    [InlineData("Content-MD5", "nonsense")]
    [InlineData("Digest", "adler32=03da0195")]
    [InlineData("ETag", "\"d41d8cd98f00b204e9800998ecf8427e\"")]
    public async Task What_is_no_digest_of_the_bytes_is_not_held_against_them(string header, string digest) =>
        await SavesAsync(1, ScriptedHost.Answer($"200 OK\r\n{header}: {digest}\r\nContent-Length: 60000", Video));

    [Theory]
    [InlineData("CRC32", "cbf43926")]
    [InlineData("CRC32C", "e3069283")]
    [InlineData("CRC64ECMA", "995dc9bbdf1939fa")]
    [InlineData("CRC64NVME", "ae8b14860a799888")]
    [InlineData("MD5", "25f9e794323b453885f5181f1b624d0b")]
    public void Digests_are_those_that_hosts_make(string algorithm, string expected)
    {
        using MemoryStream text = new("123456789"u8.ToArray());
        VideoBytes bytes = new(text, "a.mp4");
        Assert.Null(ContentDigest.Misfit([new ContentDigest("X", algorithm, Convert.FromHexString(expected))], bytes));
        Assert.NotNull(ContentDigest.Misfit([new ContentDigest("X", algorithm, new byte[expected.Length / 2])], bytes));
    }

    [Theory]
    [InlineData("chunked")]
    [InlineData("length")]
    [InlineData("nothing")]
    public async Task A_cut_copy_that_ends_properly_is_a_part_and_the_rest_is_asked_for(string framing)
    {
        byte[] half = Video[..30_000];
        await SavesAsync(2, Framed(framing, half), ScriptedHost.Serve("Range: bytes=25904-", Video));
        File.Delete(Target);
        await SavesAsync(3, Framed(framing, half), ScriptedHost.Answer("206 Partial Content\r\nContent-Range: bytes 25904-29999/30000\r\nContent-Length: 4096", half[25_904..]), Found);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30_000)]
    [InlineData(59_999)]
    public async Task What_has_the_final_name_and_is_no_whole_video_is_fetched_anew(int length)
    {
        await File.WriteAllBytesAsync(Target, Video[..length], TestContext.Current.CancellationToken);
        await SavesAsync(1, Found);
    }

    [Fact]
    public async Task A_link_that_leads_nowhere_is_no_video()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links take a right there");
        File.CreateSymbolicLink(Target, _folder.Combine("gone"));
        await SavesAsync(1, Found);
    }

    [Fact]
    public async Task A_network_that_is_away_for_minutes_ends_no_download()
    {
        DateTimeOffset back = _time.GetUtcNow() + TimeSpan.FromMinutes(4);
        int answered = 0;
        await using ScriptedHost host = new(ScriptedHost.Answer("200 OK\r\nContent-Length: 60000", Video[..30_000]))
        {
            Instead = head => answered++ == 0 ? null : _time.GetUtcNow() < back ? [] : ScriptedHost.Serve(head, Video),
        };
        await SaveAsync(host);
        Assert.Equal(Video, await File.ReadAllBytesAsync(Target, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_host_that_is_down_for_good_costs_minutes_once_and_not_for_each_video()
    {
        await using ScriptedHost host = new(ScriptedHost.Answer("503 Busy")) { Instead = static _ => [] };
        await Assert.ThrowsAsync<KlingException>(() => SaveAsync(host));
        int before = _time.Pauses.Count;
        await Assert.ThrowsAsync<KlingException>(() => SaveAsync(host));
        Assert.InRange(_time.Pauses.Count - before, 1, 5);
    }

    [Fact]
    public async Task A_connection_that_brings_next_to_nothing_is_left_for_a_new_one_with_what_it_brought()
    {
        TaskCompletionSource<byte[]> never = new();
        await using ConcurrentHost host = new ConcurrentHost(head => Task.FromResult(
            ScriptedHost.From(head) is null ? [.. Encoding.Latin1.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n"), .. Video[..9_000]] : ScriptedHost.Serve(head, Video))).Open();
        int steps = 0;
        // The answer and each read take half a minute, as if little came.
        _time.RunsOut = () =>
        {
            _time.Advance(++steps < 7 ? TimeSpan.FromSeconds(29) : TimeSpan.Zero);
            return false;
        };
        SaveRequest request = new() { Task = new KlingTask { TaskId = "t" }, Video = new KlingVideo { Url = host.Origin + "/a.mp4" }, Path = Target };
        await VideoScene.NewSaver(_time).SaveAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(Video, await File.ReadAllBytesAsync(Target, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_inflated_beyond_measure_is_one_error_and_bounded_on_disk()
    {
        using MemoryStream packed = new();
        await using (GZipStream pack = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            pack.Write([.. Video[..24], 0, 0, 0, 1, .. "mdat"u8, 0, 0, 0, 10, 0, 0, 0, 0]);
            for (int megabyte = 0; megabyte < 64; megabyte++)
            {
                pack.Write(new byte[1024 * 1024]);
            }
        }

        await using ScriptedHost host = new(ScriptedHost.Answer($"200 OK\r\nContent-Length: {packed.Length}", packed.ToArray()));
        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => SaveAsync(host));
        Assert.Equal(KlingErrorId.DownloadFailed, failure.Id);
        Assert.Matches("far more than a video: ([89]|1[0-9])(\\.[0-9])? MB came", failure.Message);
        Assert.Single(host.Requests);
        Assert.Empty(Files);
    }

    [Fact]
    public async Task A_length_that_no_video_has_is_one_error()
    {
        await using ScriptedHost host = new(ScriptedHost.Answer("200 OK\r\nContent-Length: 109951162777600", Video));
        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => SaveAsync(host));
        Assert.Contains("which no video has", failure.Message, StringComparison.Ordinal);
        Assert.Single(host.Requests);
        Assert.Empty(Files);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Content-Type: video/webm\r\n")]
    [InlineData("Content-Type: application/octet-stream\r\n")]
    public async Task A_WebM_at_a_URL_without_an_extension_is_saved_as_one_and_found_again(string header)
    {
        byte[] webm = ContainerTests.Matroska("webm", sized: true);
        await using ScriptedHost host = new(ScriptedHost.Answer($"200 OK\r\n{header}Content-Length: {webm.Length}", webm));
        SavedVideo saved = await SaveAsync(host);
        Assert.Equal((_folder.Combine("a.webm"), webm.Length, false), (saved.Path, saved.Length, saved.WasThere));
        Assert.Equal(["a.webm"], Files);
        Assert.True((await SaveAsync(host)).WasThere);
        Assert.Single(host.Requests);
    }

    [Fact]
    public async Task A_redirect_to_itself_with_a_cookie_is_followed_and_the_cookie_goes_to_no_other_host()
    {
        await using ScriptedHost other = new(Found);
        await using ScriptedHost host = new(
            ScriptedHost.Answer("302 Found\r\nLocation: /clips/a.mp4?sig=SECRET\r\nSet-Cookie: gate=open; Path=/; HttpOnly\r\nSet-Cookie: =;;,"),
            ScriptedHost.Answer($"302 Found\r\nLocation: {other.Origin.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)}/a.mp4"));
        await SaveAsync(host);
        Assert.DoesNotContain("Cookie:", host.Requests[0], StringComparison.Ordinal);
        Assert.Matches("Cookie: .*gate=open", host.Requests[1]);
        Assert.DoesNotContain("Cookie:", other.Requests[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v/ok.mp4", "/v/ok.mp4")]
    [InlineData("v/ok.mp4?x=1", "/v/ok.mp4?x=1")]
    [InlineData("//HOST/v/ok.mp4", "/v/ok.mp4")]
    [InlineData(" http://HOST/v/ok.mp4\n", "/v/ok.mp4")]
    public async Task A_URL_without_a_host_is_the_APIs(string url, string wire)
    {
        await using ScriptedHost host = new(Found);
        ApiClient api = new(new KlingClientOptions { ApiKey = "sk-test", BaseUri = new Uri(host.Origin), Time = _time });
        SaveRequest request = host.Request(Target) with { Video = new KlingVideo { Url = url.Replace("HOST", host.Origin[7..], StringComparison.Ordinal) } };
        await new VideoSaver(api).SaveAsync(request, TestContext.Current.CancellationToken);
        Assert.StartsWith($"GET {wire} HTTP/1.1\r\n", host.Requests[0], StringComparison.Ordinal);
    }

    private static byte[] Framed(string framing, byte[] body) => framing switch
    {
        "chunked" => ScriptedHost.Answer("200 OK\r\nTransfer-Encoding: chunked", [.. Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"), .. body, .. "\r\n0\r\n\r\n"u8]),
        "length" => ScriptedHost.Answer($"200 OK\r\nContent-Length: {body.Length}", body),
        _ => ScriptedHost.Answer("200 OK", body),
    };

    private async Task SavesAsync(int requests, params byte[][] answers)
    {
        await using ScriptedHost host = new(answers);
        SavedVideo saved = await SaveAsync(host);
        Assert.False(saved.WasThere);
        Assert.Equal(requests, host.Requests.Count);
        Assert.Equal(Video, await File.ReadAllBytesAsync(saved.Path, TestContext.Current.CancellationToken));
        Assert.Equal(["a.mp4"], Files);
    }

    private Task<SavedVideo> SaveAsync(ScriptedHost host) => VideoScene.NewSaver(_time).SaveAsync(host.Request(Target), TestContext.Current.CancellationToken);
}
