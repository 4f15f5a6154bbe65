using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using KlingEffects.Api.Answers;
using KlingEffects.Api.Exchange;
using KlingEffects.Tests.Http;
using Operation = KlingEffects.Api.Answers.Operation;

namespace KlingEffects.Tests.Answers;

/// <summary>Answers with something around them that nobody asked for: compressions, event streams, other text, other encodings, JSON that is none.</summary>
public sealed class PackedAnswerTests
{
    private const string Taken = """{"code":0,"message":"SUCCEED","request_id":"r","data":{"task_id":"t-1","task_status":"submitted","created_at":1781080778802}}""";
    private const string Refused = """{"code":1102,"message":"Account balance not enough","request_id":"r"}""";

    private static readonly Dictionary<string, Func<byte[], byte[]>> Compressions = new()
    {
        ["gzip"] = static plain => Pack(plain, static target => new GZipStream(target, CompressionLevel.Optimal)),
        ["zlib"] = static plain => Pack(plain, static target => new ZLibStream(target, CompressionLevel.Optimal)),
        ["zlib, fast"] = static plain => Pack(plain, static target => new ZLibStream(target, CompressionLevel.Fastest)),
        ["deflate"] = static plain => Pack(plain, static target => new DeflateStream(target, CompressionLevel.Optimal)),
        ["br"] = static plain => Pack(plain, static target => new BrotliStream(target, CompressionLevel.Optimal)),
        ["none"] = static plain => plain,
    };

    /// <summary>What stands around an answer, which is where ANSWER is.</summary>
    public static TheoryData<string> Surroundings =>
    [
        "ANSWER",
        "data: ANSWER\n\n",
        ": PING\n\n: PING\n\ndata: ANSWER\n\ndata: [DONE]\n\n",
        "event: message\r\nid: 7\r\nretry: 3000\r\ndata:ANSWER\r\n\r\n",
        "id: 1\rdata: ANSWER\r\r",
        "data: {}\n\ndata: {\"type\":\"ping\"}\n\ndata: {\"code\":0}\n\ndata: ANSWER\n\n",
        "ANSWERANSWER",
        "ANSWER\n{\"code\":0,\"data\":{\"task_id\":\"t-2\",\"task_status\":\"failed\"}}\n",
        "ANSWER</body></html>",
        "ANSWER\0\0\0",
        "{\"progress\":10}\n{\"progress\":20}\nANSWER",
        "[2026-11-28 12:00:00] ANSWER",
        "callback(ANSWER);",
        ")]}',\nANSWER",
        "while(1);ANSWER",
        "for(;;);ANSWER",
        "<br />\n<b>Warning</b>:  Undefined array key \"x\" in <b>/var/www/html/api.php</b> on line <b>42</b><br />\nANSWER",
        "Notice: it's deprecated in a.php\nANSWER",
        "\uFEFFANSWER",
        "\uFEFF\uFEFF \r\n\tANSWER",
        "\u2028ANSWER",
        "1a2\r\nANSWER\r\n0\r\n\r\n",
        "-----BEGIN-----\nANSWER",
        "[ANSWER]",
        "[ANSWER,]",
        "ok ANSWER",
    ];

    [Theory]
    [MemberData(nameof(Surroundings))]
    public void What_stands_around_it_is_no_part_of_it(string surroundings)
    {
        ApiResult taken = Reading.Submit(200, surroundings.Replace("ANSWER", Taken, StringComparison.Ordinal));
        Assert.Null(taken.Error);
        Assert.Equal(("t-1", Creation.Created), (taken.Task!.TaskId, taken.Creation));
        Assert.Equal(KlingTaskStatus.Submitted, Reading.Told(surroundings.Replace("ANSWER", Taken, StringComparison.Ordinal)).Status);
        foreach (int status in (int[])[200, 429])
        {
            ApiResult refused = Reading.Submit(status, surroundings.Replace("ANSWER", Refused, StringComparison.Ordinal));
            Assert.Equal((KlingErrorId.QuotaExceeded, "1102", Creation.NotCreated), (refused.Error().Id, refused.Error().Code, refused.Creation));
        }
    }

    [Fact]
    public void Lines_of_an_event_may_share_an_answer()
    {
        string lines = "event: x\ndata: {\"code\":0,\ndata:  \"data\":{\ndata: \"task_id\":\"t-1\",\"task_status\":\ndata: \"processing\"}}\n\n";
        Assert.Equal(KlingTaskStatus.Processing, Reading.Told(lines).Status);
    }

    [Theory]
    [InlineData("""{"code":0,"data":{"task_id":"t","task_status":"processing","x":NaN,"y":-Infinity,"z":undefined}}""")]
    [InlineData("{\"code\":0,\"data\":{\"task_id\":\"t\",\"task_status\":\"processing\",\"task_status_msg\":\"one\nother\ttab\u0001\"}}")]
    [InlineData("""{"code":0,"data":{"task_id":"t","task_status":"processing",},}""")]
    [InlineData("""{'code': 0, 'data': {'task_id': 't', 'task_status': 'processing', 'ok': True, 'x': None}}""")]
    [InlineData("""{code: 0, data: {task_id: "t", task_status: processing}}""")]
    [InlineData("""{"code":00,"data":{"task_id":"t","task_status":"processing","n":.5,"m":+1,"o":0x1F}}""")]
    [InlineData("""{"code":0,"data":{"task_id":"t","task_status":"processing","path":"C:\x\d\u12"}}""")]
    [InlineData("""{"code":0,"data":{"task_id":"t","task_status":"processing","text":"it\'s"}}""")]
    public void Json_that_is_none_is_read_as_it_was_meant(string body)
    {
        KlingTask task = Reading.Told(body);
        Assert.Equal(("t", KlingTaskStatus.Processing), (task.TaskId, task.Status));
    }

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    [InlineData("utf-32", true)]
    [InlineData("utf-8", true)]
    public void Other_encodings_are_read(string name, bool isMarked)
    {
        Encoding encoding = Encoding.GetEncoding(name);
        byte[] body = [.. isMarked ? encoding.GetPreamble() : [], .. encoding.GetBytes(Taken)];
        Assert.Equal("t-1", Reading.Of(Operation.Submit, 200, body).Task!.TaskId);
    }

    [Theory]
    [InlineData("""{"code":0,"message":"SUCCEED","data":{"task_id":"t-1","task_status":"submitted"},"x":""")]
    [InlineData("""data: {"code":0,"data":{"task_id":"t-1","task_status":"submi""")]
    [InlineData("<!DOCTYPE html><html><script>window.state = {\"code\":0,\"data\":{\"task_id\":\"t-1\"}}</script></html>")]
    [InlineData("no braces at all")]
    [InlineData("{}")]
    [InlineData(": PING\n\n: PING\n\n")]
    [InlineData("data: {\"type\":\"ping\"}\n\n")]
    public void What_is_cut_off_or_something_else_is_uncertain_with_its_beginning(string body)
    {
        ApiResult answer = Reading.Submit(200, body);
        Assert.Equal((KlingErrorId.SubmitUncertain, Creation.Uncertain), (answer.Error().Id, answer.Creation));
        Assert.StartsWith(body.TrimStart()[..2], answer.Error().AnswerBody, StringComparison.Ordinal);
        Assert.True(Reading.Query(200, body).Repeatable);
    }

    [Fact]
    public void A_number_of_a_megabyte_is_no_number()
    {
        string digits = new('7', 1024 * 1024);
        KlingTask task = Reading.Told("""{"code":0,"data":{"task_id":"t","task_status":"processing","created_at":9,"updated_at":"9","progress":"9","final_unit_deduction":"9"}}""".Replace("9", digits, StringComparison.Ordinal));
        Assert.Equal((null, null, null, null), (task.CreatedAt, task.UpdatedAt, task.Progress, task.Units));
        foreach (string code in (string[])[digits, $"\"{digits}\""])
        {
            Assert.Equal(KlingErrorId.ProtocolError, Reading.Query(200, $$"""{"code":{{code}},"message":"no"}""").Error().Id);
        }
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip", null)]
    [InlineData("gzip", "br")]
    [InlineData("gzip", "UTF-8")]
    [InlineData("zlib", "deflate")]
    [InlineData("zlib", null)]
    [InlineData("zlib, fast", null)]
    [InlineData("deflate", "deflate")]
    [InlineData("deflate", "Deflate")]
    [InlineData("br", "br")]
    [InlineData("none", "gzip")]
    [InlineData("none", "deflate")]
    [InlineData("none", "br")]
    public void A_compression_is_undone_by_what_lies_there(string compression, string? named)
    {
        SkipWhereThereIsNoBrotli(compression);
        byte[] body = Compressions[compression](Encoding.UTF8.GetBytes(Taken));
        Assert.Equal(Taken, Encoding.UTF8.GetString(Undo(body, named)!.Value.Span));
        if (compression != "none")
        {
            byte[] twice = Compressions["gzip"](body);
            Assert.Equal(Taken, Encoding.UTF8.GetString(Undo(twice, named)!.Value.Span));
        }
    }

    [Fact]
    public void The_bound_counts_what_is_unpacked()
    {
        byte[] large = Compressions["gzip"](new byte[ApiConnection.LargestAnswer + 1]);
        Assert.InRange(large.Length, 1, 100_000);
        Assert.Null(Undo(large, null));
        Assert.Null(Undo(Compressions["gzip"](large), null));
        Assert.NotNull(Undo(Compressions["gzip"](new byte[ApiConnection.LargestAnswer]), null));
    }

    [Fact]
    public void Of_half_a_compression_the_beginning_is_told()
    {
        byte[] whole = Compressions["gzip"](Encoding.UTF8.GetBytes(Taken + new string(' ', 5000)));
        ApiResult answer = Reading.Of(Operation.Submit, 200, Undo(whole[..^30], null)!.Value.ToArray());
        Assert.True(answer.Task is not null || answer.Error!.AnswerBody!.StartsWith("{\"code\":0", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gzip", false, false)]
    [InlineData("gzip", true, false)]
    [InlineData("deflate", false, false)]
    [InlineData("deflate", true, true)]
    [InlineData("br", false, true)]
    [InlineData("UTF-8", false, false)]
    [InlineData("UTF-8", false, true)]
    [InlineData(null, false, true)]
    public async Task A_job_is_made_once_and_its_task_followed_to_the_end(string? encoding, bool hides, bool asEventStream)
    {
        SkipWhereThereIsNoBrotli(encoding);
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { ContentEncoding = encoding, HidesContentEncoding = hides, AnswersAsEventStream = asEventStream });
        KlingTask task = await scene.SubmitAsync();
        Scene.Outcome outcome = await scene.WaitAsync([task]);
        Assert.Equal((KlingTaskStatus.Succeed, 1), (Assert.Single(outcome.Tasks).Status, scene.Submits));
        Assert.Empty(outcome.Errors);
    }

    private static void SkipWhereThereIsNoBrotli(string? compression) =>
        Assert.SkipWhen(compression == "br" && BuildUnderTest.IsNetStandard, "That build's frameworks have no Brotli.");

    /// <summary>Each shape, packed in each way and then broken: a conclusion, and never two payments.</summary>
    [Theory]
    [InlineData("gzip")]
    [InlineData("zlib")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("none")]
    public void Two_thousand_broken_ones_of_each_shape_end_in_a_conclusion(string compression)
    {
        string?[] names = [null, compression == "zlib" ? "deflate" : compression, "UTF-8"];
        string[] seeds = [.. Surroundings.Select(static row => row.Data.Replace("ANSWER", Taken, StringComparison.Ordinal)), .. NewShapeTests.Shapes];
        Gen<Packed> cases =
            from seed in Gen.Choose(0, seeds.Length - 1)
            from place in Gen.Choose(0, 400).ListOf()
            from bit in Gen.Choose(0, 7)
            from named in Gen.Elements(names)
            from after in Gen.Elements(true, false)
            select new Packed(seed, place, bit, named, after);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(6).WithQuietOnSuccess(true),
            Prop.ForAll(Arb.From(cases), broken =>
            {
                byte[] plain = Encoding.UTF8.GetBytes(seeds[broken.Seed]);
                byte[] body = Compressions[compression](broken.IsAfter ? plain : Break(plain, broken));
                ReadOnlyMemory<byte>? came = Undo(broken.IsAfter ? Break(body, broken) : body, broken.Named);
                ApiResult answer = Reading.Of(Operation.Submit, 200, came!.Value.ToArray());
                Assert.True(answer.Task is null != answer.Error is null);
                Assert.Equal(answer.Task is not null, answer.Creation == Creation.Created);
                Assert.False(answer.Repeatable && answer.Creation != Creation.NotCreated);
            }));
    }

    private static byte[] Break(byte[] body, Packed how)
    {
        byte[] broken = [.. body];
        foreach (int place in how.Places)
        {
            broken[place % broken.Length] ^= (byte)(1 << how.Bit);
        }

        return broken;
    }

    private static ReadOnlyMemory<byte>? Undo(byte[] body, string? named) =>
        ContentDecoding.Undo(body, named is null ? [] : [named], ApiConnection.LargestAnswer);

    private static byte[] Pack(byte[] plain, Func<Stream, Stream> open)
    {
        using MemoryStream target = new();
        using (Stream packing = open(target))
        {
            packing.Write(plain);
        }

        return target.ToArray();
    }

    private sealed record Packed(int Seed, IReadOnlyList<int> Places, int Bit, string? Named, bool IsAfter);
}
