using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace KlingEffects.Emulator.Tests;

/// <summary>Faults in the bodies of answers, and those of the video host.</summary>
public sealed class BodyFaultTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public async Task A_truncated_body_ends_after_so_many_bytes(int bytes)
    {
        await using Lab lab = await Lab.StartAsync();
        (string id, string url) = await lab.VideoAsync();
        lab.Emulator.Faults.Add(new Fault(Operation.Video, new Truncate(bytes)));
        using HttpResponseMessage answer = await lab.Http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, Lab.Cancellation);
        Assert.Equal(lab.Emulator.VideoSize, answer.Content.Headers.ContentLength);
        using MemoryStream received = new();
        await Assert.ThrowsAsync<HttpIOException>(() => CopyAsync(answer, received));
        Assert.Equal(lab.BytesOf(id)[..bytes], received.ToArray());
        Assert.Equal(lab.Emulator.VideoSize, (await lab.GetAsync(url)).Bytes.Length);
    }

    [Fact]
    public async Task A_stalled_body_goes_on_when_the_clock_says_so()
    {
        await using Lab lab = await Lab.StartAsync();
        (string id, string url) = await lab.VideoAsync();
        lab.Emulator.Faults.Add(new Fault(Operation.Video, new Stall(1000, TimeSpan.FromMinutes(1))));
        using HttpResponseMessage answer = await lab.Http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, Lab.Cancellation);
        await using Stream body = await answer.Content.ReadAsStreamAsync(Lab.Cancellation);
        byte[] video = new byte[lab.Emulator.VideoSize];
        await body.ReadExactlyAsync(video.AsMemory(0, 1000), Lab.Cancellation);
        await lab.Emulator.WaitForAsync(emulator => emulator.Requests[^1].IsHeld, Lab.Cancellation);
        Task rest = body.ReadExactlyAsync(video.AsMemory(1000), Lab.Cancellation).AsTask();
        lab.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(rest.IsCompleted);
        lab.Time.Advance(TimeSpan.FromSeconds(1));
        await rest;
        Assert.Equal(lab.BytesOf(id), video);
    }

    [Fact]
    public async Task A_stalled_request_ends_when_the_client_goes_away()
    {
        await using Lab lab = await Lab.StartAsync();
        (_, string url) = await lab.VideoAsync();
        lab.Emulator.Faults.Add(new Fault(Operation.Video, new Stall(10)));
        using HttpResponseMessage answer = await lab.Http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, Lab.Cancellation);
        Assert.Equal(1, lab.Emulator.Counters.InFlight);
        answer.Dispose();
        await lab.Emulator.WaitForAsync(emulator => emulator.Requests[^1].IsOver, Lab.Cancellation);
        Assert.Equal(0, lab.Emulator.Counters.InFlight);
    }

    [Fact]
    public async Task A_throttled_body_takes_its_time()
    {
        await using Lab lab = await Lab.StartAsync(new EmulatorOptions { VideoSize = 20_000 });
        (string id, string url) = await lab.VideoAsync();
        lab.Emulator.Faults.Add(new Fault(Operation.Video, new Throttle(10_000)));
        DateTimeOffset start = lab.Time.GetUtcNow();
        Task<Reply> download = lab.GetAsync(url);
        await lab.Emulator.WaitForAsync(emulator => emulator.Requests[^1].Operation == Operation.Video, Lab.Cancellation);
        RecordedRequest request = lab.Emulator.Requests[^1];
        while (!request.IsOver)
        {
            await lab.Emulator.WaitForAsync(_ => request.IsHeld || request.IsOver, Lab.Cancellation);
            lab.Time.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.Equal(lab.BytesOf(id), (await download).Bytes);
        Assert.True(lab.Time.GetUtcNow() - start >= TimeSpan.FromSeconds(1.9));
    }

    [Fact]
    public async Task The_video_host_may_misbehave_in_its_own_ways()
    {
        await using Lab lab = await Lab.StartAsync();
        (string id, string url) = await lab.VideoAsync();
        byte[] video = lab.BytesOf(id);
        Reply whole = await lab.GetAsync(url);
        RangeHeaderValue range = new(1000, null);
        RangeConditionHeaderValue condition = new(whole.Headers.ETag!);

        Reply ignored = await StruckAsync(new RangeIgnored());
        Assert.Equal((HttpStatusCode.OK, video.Length), (ignored.Status, ignored.Bytes.Length));

        Reply wrong = await StruckAsync(new WrongContentRange());
        Assert.Equal((HttpStatusCode.PartialContent, 0L), (wrong.Status, wrong.ContentHeaders.ContentRange!.From!.Value));
        Assert.Equal(video[..^1000], wrong.Bytes);

        Reply changed = await StruckAsync(new ChangedETag());
        Assert.Equal((HttpStatusCode.OK, video.Length), (changed.Status, changed.Bytes.Length));
        Assert.NotEqual(whole.Headers.ETag, changed.Headers.ETag);

        Reply chunked = await StruckAsync(new NoContentLength());
        Assert.True(chunked.Headers.TransferEncodingChunked);
        Assert.Equal(video[1000..], chunked.Bytes);

        Reply redirect = await StruckAsync(new Redirect("http://127.0.0.1:1/elsewhere", 307));
        Assert.Equal((HttpStatusCode.TemporaryRedirect, "http://127.0.0.1:1/elsewhere"), (redirect.Status, redirect.Headers.Location?.ToString()));

        Reply expired = await StruckAsync(new ExpiredUrl(410));
        Assert.Equal(HttpStatusCode.Gone, expired.Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await lab.GetAsync(url)).Status);
        string fresh = (string)(await lab.TaskAsync(id))["task_result"]!["videos"]![0]!["url"]!;
        Assert.Equal(video, (await lab.GetAsync(fresh)).Bytes);

        Task<Reply> StruckAsync(FaultEffect effect)
        {
            lab.Emulator.Faults.Add(new Fault(Operation.Video, effect) { TaskId = id });
            return lab.GetAsync(url, range, condition);
        }
    }

    [Fact]
    public async Task Stopping_waits_for_nobody()
    {
        Lab lab = await Lab.StartAsync();
        (_, string url) = await lab.VideoAsync();
        lab.Emulator.Faults.Add(new Fault(Operation.Video, new Stall(10)));
        using HttpResponseMessage answer = await lab.Http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, Lab.Cancellation);
        long start = Stopwatch.GetTimestamp();
        await lab.DisposeAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    private static async Task CopyAsync(HttpResponseMessage answer, MemoryStream received)
    {
        await using Stream body = await answer.Content.ReadAsStreamAsync(Lab.Cancellation);
        byte[] buffer = new byte[4096];
        int read;
        while ((read = await body.ReadAsync(buffer, Lab.Cancellation)) > 0)
        {
            received.Write(buffer, 0, read);
        }
    }
}
