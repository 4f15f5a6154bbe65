using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace KlingEffects.Emulator.Tests;

/// <summary>What stands between a client and the API: compressions, event streams, clocks, lists of one page.</summary>
public sealed class PackingTests
{
    [Theory]
    [InlineData("gzip", false)]
    [InlineData("gzip", true)]
    [InlineData("deflate", false)]
    [InlineData("br", false)]
    [InlineData("UTF-8", false)]
    public async Task Answers_are_compressed_unasked(string encoding, bool hides)
    {
        await using Lab lab = await Lab.StartAsync(new EmulatorOptions { ContentEncoding = encoding, HidesContentEncoding = hides });
        Reply reply = await lab.SubmitAsync();
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal(hides ? [] : [encoding], reply.ContentHeaders.ContentEncoding);
        using MemoryStream packed = new(reply.Bytes);
        await using Stream plain = encoding switch
        {
            "gzip" => new GZipStream(packed, CompressionMode.Decompress),
            "deflate" => new ZLibStream(packed, CompressionMode.Decompress),
            "br" => new BrotliStream(packed, CompressionMode.Decompress),
            _ => packed,
        };
        JsonNode? answer = await JsonNode.ParseAsync(plain, cancellationToken: Lab.Cancellation);
        Assert.Equal(Assert.Single(lab.Emulator.Tasks).Id, (string?)answer!["data"]!["task_id"]);
    }

    [Fact]
    public async Task Answers_come_as_an_event_stream()
    {
        await using Lab lab = await Lab.StartAsync(new EmulatorOptions { AnswersAsEventStream = true });
        Reply reply = await lab.SubmitAsync();
        Assert.Equal("text/event-stream", reply.ContentHeaders.ContentType!.MediaType);
        string[] lines = Encoding.UTF8.GetString(reply.Bytes).Split('\n');
        Assert.StartsWith(": ", lines[0], StringComparison.Ordinal);
        string data = Assert.Single(lines, static line => line.StartsWith("data: {", StringComparison.Ordinal));
        Assert.Equal(Assert.Single(lab.Emulator.Tasks).Id, (string?)JsonNode.Parse(data[6..])!["data"]!["task_id"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3600)]
    [InlineData(7200)]
    public async Task The_date_is_the_emulators_own_and_may_be_off(int seconds)
    {
        await using Lab lab = await Lab.StartAsync(new EmulatorOptions { DateOffset = TimeSpan.FromSeconds(seconds) });
        Reply reply = await lab.SubmitAsync();
        Assert.Equal(lab.Time.GetUtcNow().AddSeconds(seconds), reply.Headers.Date);
    }

    [Fact]
    public async Task A_list_may_ignore_its_page()
    {
        await using Lab lab = await Lab.StartAsync(new EmulatorOptions { Gateway = Gateway.Kling });
        string[] ids = [lab.Emulator.AddTask().Id, lab.Emulator.AddTask().Id];
        Assert.Equal(ids[0], await SecondAsync());
        lab.Emulator.Configure(static options => options with { ListIgnoresPage = true });
        Assert.Equal(ids[1], await SecondAsync());

        async Task<string?> SecondAsync() =>
            (string?)(await lab.SendAsync(lab.Request(HttpMethod.Get, "/v1/videos/effects?pageNum=2&pageSize=1"))).Json["data"]![0]!["task_id"];
    }

    [Fact]
    public async Task All_of_it_can_be_switched_while_it_runs()
    {
        await using Lab lab = await Lab.StartAsync();
        await PatchAsync("""{"contentEncoding":"gzip","hidesContentEncoding":true,"answersAsEventStream":true,"dateOffsetSeconds":-60,"listIgnoresPage":true}""");
        EmulatorOptions options = lab.Emulator.Options;
        Assert.Equal(
            ("gzip", true, true, TimeSpan.FromMinutes(-1), true),
            (options.ContentEncoding, options.HidesContentEncoding, options.AnswersAsEventStream, options.DateOffset, options.ListIgnoresPage));
        await PatchAsync("""{"contentEncoding":""}""");
        Assert.Null(lab.Emulator.Options.ContentEncoding);

        async Task PatchAsync(string body)
        {
            using StringContent content = new(body, Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await lab.Http.PatchAsync("/_emulator/options", content, Lab.Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }
}
