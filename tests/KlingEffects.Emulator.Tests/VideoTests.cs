using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace KlingEffects.Emulator.Tests;

/// <summary>The video host behaves as a content host does: real files, ranges, validators, temporary addresses.</summary>
public sealed class VideoTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(20_000)]
    [InlineData(3_000_000)]
    [InlineData(5_000_000_000)]
    public void A_video_is_an_MP4_of_any_size(long wanted)
    {
        VideoContent content = new("878106242831892487", 0, wanted);
        using ContentStream video = new(content);
        Assert.True(wanted == 0 ? video.Length < 10_000 : video.Length == wanted);
        List<string> boxes = [];
        while (video.Position < video.Length)
        {
            byte[] header = new byte[16];
            long start = video.Position;
            video.ReadExactly(header);
            long size = BinaryPrimitives.ReadUInt32BigEndian(header);
            video.Position = start + (size == 1 ? BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(8)) : size);
            boxes.Add(Encoding.ASCII.GetString(header, 4, 4));
        }

        Assert.Equal(video.Length, video.Position);
        Assert.Equal(["ftyp", "moov", "free", "mdat", "free"], boxes);
    }

    [Fact]
    public void No_two_videos_and_no_two_blocks_of_one_are_alike()
    {
        using ContentStream one = new(new VideoContent("1", 0, 6_000_000));
        using ContentStream other = new(new VideoContent("1", 1, 6_000_000));
        byte[] first = new byte[6_000_000];
        byte[] second = new byte[6_000_000];
        one.ReadExactly(first);
        other.ReadExactly(second);
        Assert.False(first.AsSpan(10_000).SequenceEqual(second.AsSpan(10_000)));
        Assert.Equal(5, Enumerable.Range(0, 5).Select(block => Pictures.Sha256(first[(9_000 + (block << 20))..(9_000 + ((block + 1) << 20))])).Distinct().Count());

        byte[] piecewise = new byte[6_000_000];
        for (int position = 0; position < piecewise.Length; position += 70_001)
        {
            one.Position = position;
            one.ReadAtLeast(piecewise.AsSpan(position, Math.Min(70_001, piecewise.Length - position)), 1);
        }

        Assert.Equal(first, piecewise);
    }

    [Theory]
    [InlineData(0L, 99L, 0, 99)]
    [InlineData(1_000_000L, null, 1_000_000, 2_999_999)]
    [InlineData(null, 10L, 2_999_990, 2_999_999)]
    [InlineData(2_999_999L, 9_999_999L, 2_999_999, 2_999_999)]
    public async Task A_range_is_served(long? from, long? to, int first, int last)
    {
        await using Lab lab = await Lab.StartAsync(new EmulatorOptions { VideoSize = 3_000_000 });
        (string id, string url) = await lab.VideoAsync();
        Reply part = await lab.GetAsync(url, new RangeHeaderValue(from, to));
        Assert.Equal(HttpStatusCode.PartialContent, part.Status);
        Assert.Equal(new ContentRangeHeaderValue(first, last, 3_000_000), part.ContentHeaders.ContentRange);
        Assert.Equal(lab.BytesOf(id)[first..(last + 1)], part.Bytes);
    }

    [Fact]
    public async Task A_range_beyond_the_end_is_416()
    {
        await using Lab lab = await Lab.StartAsync();
        (_, string url) = await lab.VideoAsync();
        Reply reply = await lab.GetAsync(url, new RangeHeaderValue(lab.Emulator.VideoSize, null));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, reply.Status);
        Assert.Equal($"bytes */{lab.Emulator.VideoSize}", reply.ContentHeaders.ContentRange?.ToString());
    }

    [Fact]
    public async Task A_range_holds_only_while_its_validator_does()
    {
        await using Lab lab = await Lab.StartAsync();
        (_, string url) = await lab.VideoAsync();
        Reply whole = await lab.GetAsync(url);
        EntityTagHeaderValue tag = whole.Headers.ETag!;
        DateTimeOffset modified = whole.ContentHeaders.LastModified!.Value;
        Assert.False(tag.IsWeak);
        Assert.Equal("bytes", whole.Headers.AcceptRanges.Single());
        Assert.Equal("video/mp4", whole.ContentHeaders.ContentType?.MediaType);

        (RangeConditionHeaderValue Condition, HttpStatusCode Status)[] cases =
        [
            (new(tag), HttpStatusCode.PartialContent),
            (new(modified), HttpStatusCode.PartialContent),
            (new(new EntityTagHeaderValue("\"other\"")), HttpStatusCode.OK),
            (new(modified.AddSeconds(-1)), HttpStatusCode.OK),
        ];
        foreach (var (condition, status) in cases)
        {
            Reply reply = await lab.GetAsync(url, new RangeHeaderValue(100, null), condition);
            Assert.Equal(status, reply.Status);
            Assert.Equal(whole.Bytes[(status == HttpStatusCode.OK ? 0 : 100)..], reply.Bytes);
        }
    }

    [Fact]
    public async Task HEAD_tells_the_length_without_the_bytes()
    {
        await using Lab lab = await Lab.StartAsync();
        (_, string url) = await lab.VideoAsync();
        Reply reply = await lab.SendAsync(new HttpRequestMessage(HttpMethod.Head, url));
        Assert.Equal((HttpStatusCode.OK, lab.Emulator.VideoSize, 0), (reply.Status, reply.ContentHeaders.ContentLength, reply.Bytes.Length));
    }

    [Fact]
    public async Task An_address_expires_and_a_query_gives_a_fresh_one()
    {
        await using Lab lab = await Lab.StartAsync(new EmulatorOptions { UrlLifetime = TimeSpan.FromMinutes(1) });
        (string id, string url) = await lab.VideoAsync();
        lab.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(HttpStatusCode.OK, (await lab.GetAsync(url)).Status);
        lab.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Forbidden, (await lab.GetAsync(url)).Status);
        string fresh = (string)(await lab.TaskAsync(id))["task_result"]!["videos"]![0]!["url"]!;
        Assert.Equal(HttpStatusCode.OK, (await lab.GetAsync(fresh)).Status);
    }

    [Fact]
    public async Task Only_addresses_that_were_given_away_are_good()
    {
        await using Lab lab = await Lab.StartAsync();
        (_, string url) = await lab.VideoAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await lab.GetAsync(url.Replace("exp=0", "exp=9999999999999", StringComparison.Ordinal))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await lab.GetAsync(url[..url.IndexOf('?', StringComparison.Ordinal)])).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await lab.GetAsync(url.Replace("-0.mp4", "-7.mp4", StringComparison.Ordinal))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await lab.GetAsync(new Uri(lab.Emulator.VideoBaseUri, "/elsewhere.mp4").AbsoluteUri)).Status);
    }
}
