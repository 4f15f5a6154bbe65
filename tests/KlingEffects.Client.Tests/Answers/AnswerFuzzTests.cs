using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using KlingEffects.Api.Answers;
using KlingEffects.Api.Exchange;
using KlingEffects.Http;

namespace KlingEffects.Tests.Answers;

/// <summary>Whatever a server sends, the reader concludes, within bounds, and its words are fit to be shown.</summary>
public sealed class AnswerFuzzTests(ITestOutputHelper output)
{
    private const int Answers = 100_000;

    private static readonly string[] Seeds =
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "fixtures")).Order(StringComparer.Ordinal)
            .Where(static path => !path.EndsWith(".md", StringComparison.Ordinal)).Select(File.ReadAllText),
        """{"code":"success","data":{"task_id":"t","status":"FAILURE","fail_reason":"see https://h/v?sig=SIGNATURE"}}""",
        """{"code":0,"data":{"status":"failed"},"error":{"message":"no","type":"x","code":"y"}}""",
        """{"error":{"message":"Invalid token sk-***","type":"new_api_error","code":""}}""",
        .. NewShapeTests.Shapes,
    ];

    private static readonly Gen<Mutation> Mutations =
        from deed in Gen.Frequency(
            (3, Gen.Elements(Deed.Retype, Deed.Retype, Deed.Drop, Deed.Rename, Deed.Duplicate)),
            (1, Gen.Elements(Deed.Swap, Deed.WrapInData, Deed.WrapInArray, Deed.Repeat)),
            (1, Gen.Elements(Deed.FlipByte, Deed.InsertByte, Deed.CutByte, Deed.Truncate)))
        from place in Gen.Choose(0, 5000)
        from choice in Gen.Choose(0, 5000)
        select new Mutation(deed, place, choice);

    private static readonly Gen<Case> Cases =
        from seed in Gen.Choose(0, Seeds.Length - 1)
        from operation in Gen.Elements(Operation.Submit, Operation.Query)
        from status in Gen.Frequency((3, Gen.Constant(200)), (1, Gen.Elements(202, 204, 301, 400, 401, 403, 404, 408, 429, 500, 502, 503, 504, 524, 600)))
        from mutations in Mutations.ListOf()
        select new Case(seed, operation, status, mutations);

    private static readonly Regex Unprintable = new(@"[\p{Cc}\p{Cf}\u2028\u2029]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]");

    private readonly Dictionary<string, int> _conclusions = [];
    private long _mostAllocated;

    [Fact]
    public void A_hundred_thousand_mutated_answers_end_in_a_conclusion()
    {
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Answers).WithEndSize(8).WithQuietOnSuccess(true),
            Prop.ForAll(Arb.From(Cases, Shorter), Holds));

        Assert.Equal(Answers, _conclusions.Values.Sum());
        foreach ((string conclusion, int count) in _conclusions.OrderByDescending(static pair => pair.Value))
        {
            output.WriteLine($"{count,6} {conclusion}");
        }

        output.WriteLine($"{_mostAllocated,6} bytes allocated for one answer at most");
        Assert.Superset(
            new HashSet<string>
            {
                "Submit Created", "Submit SubmitUncertain", "Submit RateLimited again", "Submit QuotaExceeded", "Submit InvalidRequest",
                "Query Processing", "Query Succeed", "Query Failed", "Query ProtocolError again", "Query ServerError again", "Query TaskNotFound",
            },
            _conclusions.Keys.ToHashSet());
    }

    /// <summary>Each new shape on its own: a conclusion, or KlingProtocolError, and never anything else.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Two_thousand_mutated_answers_of_each_new_shape_end_in_a_conclusion(int shape)
    {
        const int Each = 2000;
        string seed = NewShapeTests.Shapes[shape].Replace("URL", "https://h/v.mp4?sig=SIGNATURE", StringComparison.Ordinal);
        Gen<Case> cases = Cases.Select(static mutated => mutated with { Status = mutated.Status == 200 || mutated.Operation == Operation.Submit ? mutated.Status : 200 });
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Each).WithEndSize(8).WithQuietOnSuccess(true),
            Prop.ForAll(Arb.From(cases, Shorter), mutated => Holds(mutated, seed)));

        Assert.Equal(Each, _conclusions.Values.Sum());
        Assert.True(_conclusions.Count > 4, string.Join(", ", _conclusions.Keys));
        Assert.All(_conclusions.Keys, static conclusion => Assert.Matches(
            "^Submit (Created|SubmitUncertain|RateLimited again|QuotaExceeded|InvalidRequest|Unauthorized|PermissionDenied|ContentRejected|ModelNotFound|TaskNotFound|ProtocolError)$"
            + "|^Query (Submitted|Processing|Succeed|Failed|(ProtocolError|ServerError|RateLimited) again|QuotaExceeded|Unauthorized|InvalidRequest|PermissionDenied|ContentRejected|ModelNotFound|TaskNotFound|ProtocolError|ServerError)$",
            conclusion));
    }

    public static TheoryData<string, string, string, string> Giants => new()
    {
        { "a long message", """{"code":5000,"message":" """, "x", "\"}" },
        { "a long message of URLs", """{"code":5000,"message":" """, "http:https:", "\"}" },
        { "a long message of request ids", """{"code":5000,"message":" """, "(request id: ", "\"}" },
        { "a long message of keys", """{"code":5000,"message":" """, Reading.Key, "\"}" },
        { "a long message of near keys", """{"code":5000,"message":" """, Reading.Key[..^1], "\"}" },
        { "a long id", """{"code":0,"data":{"task_status":"failed","task_id":" """, "9", "\"}}" },
        { "a long number", """{"code":""", "9", "}" },
        { "many members", """{"code":0,"data":{"task_status":"failed" """, ",\"a\":1", "}}" },
        { "many members whose names are no text", """{"code":0,"data":{"task_status":"failed" """, ",\"\\ud800aaaaaaaaaaa\":1", "}}" },
        { "many videos", """{"code":0,"data":{"task_status":"succeed","task_result":{"videos":[{} """, ",{\"url\":\"http://h\"}", "]}}}" },
        { "many arrays", """{"code":0,"data":{"task_status":"succeed","x":[0""", ",[]", "]}}" },
        { "deep arrays", "", "[", "" },
        { "an endless page", "<html>", "<p>", "" },
        { "nothing but space", "", " ", "" },
    };

    [Theory]
    [MemberData(nameof(Giants))]
    public void The_longest_answers_are_read_within_bounds(string what, string start, string repeated, string end)
    {
        const int Length = ApiConnection.LargestAnswer;
        const int Parts = 64;
        (_, TimeSpan part, _) = Read(Length / Parts);
        (ApiResult answer, TimeSpan took, long allocated) = Read(Length);
        output.WriteLine($"{what}: {took.TotalMilliseconds:0} ms, {allocated >> 20} MiB, "
            + $"{answer.Error?.Message ?? $"{answer.Task!.Status}"}");
        // One step per byte takes as many times as long as there are parts, one per pair of bytes as many as there are pairs of parts.
        Assert.True(took < TimeSpan.FromSeconds(5) + (Parts * 8 * part), $"{took}, and {part} for a part");
        // The reader's tables are pooled, and a pool that others use may have nothing to give.
        Assert.True(allocated < 24L * Length, $"{allocated} bytes");
        AssertFit(answer);

        (ApiResult, TimeSpan, long) Read(int length)
        {
            string filling = string.Concat(Enumerable.Repeat(repeated, (length - start.Length - end.Length) / repeated.Length));
            byte[] body = Encoding.UTF8.GetBytes(start + filling + end);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Stopwatch watch = Stopwatch.StartNew();
            ApiResult read = Reading.Of(Operation.Query, 200, body);
            return (read, watch.Elapsed, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private void Holds(Case mutated) => Holds(mutated, Seeds[mutated.Seed]);

    private void Holds(Case mutated, string seed)
    {
        byte[] body = Mutation.Apply(seed, mutated.Mutations);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ApiResult answer = Reading.Of(mutated.Operation, mutated.Status, body);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        _mostAllocated = Math.Max(_mostAllocated, allocated);
        Assert.True(allocated < (1 << 20) + (100L * body.Length), $"{allocated} bytes for {body.Length}");
        AssertFit(answer, mutated.Mutations.All(static mutation => !mutation.IsOfBytes));
        if (mutated.Operation == Operation.Submit)
        {
            AssertPaidOnce(answer);
        }

        string end = answer.Task is { } task
            ? mutated.Operation == Operation.Submit ? "Created" : $"{task.Status}"
            : $"{answer.Error!.Id}{(answer.Repeatable ? " again" : "")}";
        string conclusion = $"{mutated.Operation} {end}";
        _conclusions[conclusion] = _conclusions.GetValueOrDefault(conclusion) + 1;
    }

    private static void AssertPaidOnce(ApiResult answer)
    {
        Assert.Equal(answer.Task is null, answer.Creation != Creation.Created);
        Assert.Equal(answer.Error?.Id == KlingErrorId.SubmitUncertain, answer.Creation == Creation.Uncertain);
        Assert.False(answer.Repeatable && answer.Creation != Creation.NotCreated);
        Assert.True(answer.Task is null || answer.Task.TaskId.Length > 0);
    }

    private static void AssertFit(ApiResult answer, bool isWhole = true)
    {
        Assert.True(answer.Task is null != answer.Error is null);
        if (answer.Error is { } error)
        {
            string?[] words = [error.Message, error.Code, error.RequestId, error.TaskId, error.AnswerBody, error.RecommendedAction];
            Assert.All(words, AssertPrintable);
            AssertUnsigned(string.Concat(words), isWhole);
            Assert.Null(error.InnerException);
            Assert.InRange(error.Message.Length, 1, 1500);
        }
        else
        {
            KlingTask task = answer.Task!;
            Assert.All([task.TaskId, task.ExternalTaskId, task.StatusMessage, task.RequestId, task.Scene], AssertPrintable);
            Assert.All(task.Videos, static video => Assert.All([video.Id, video.Url, video.WatermarkUrl, $"{video}"], AssertPrintable));
            AssertUnsigned($"{task.StatusMessage}{string.Concat(task.Videos)}", isWhole);
            Assert.True(task.Status == KlingTaskStatus.Succeed || task.Videos.Count == 0);
            Assert.True(task.TaskId is not ("." or "..") && !task.TaskId.Any(char.IsWhiteSpace));
        }
    }

    // A byte less, and the URL is none.
    private static void AssertUnsigned(string text, bool isWhole) =>
        Assert.False(isWhole && text.Contains("SIGNATURE", StringComparison.Ordinal), text);

    private static void AssertPrintable(string? text)
    {
        if (text is not null)
        {
            Assert.DoesNotMatch(Unprintable, text);
            Assert.DoesNotContain(text.EnumerateRunes(), static rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.PrivateUse);
            Assert.False(KeyMask.IsIn(text) || Uri.UnescapeDataString(text).Contains(Reading.Key, StringComparison.OrdinalIgnoreCase), text);
        }
    }

    private static IEnumerable<Case> Shorter(Case mutated) => mutated.Mutations.Select((_, gone) =>
        mutated with { Mutations = [.. mutated.Mutations.Where((_, place) => place != gone)] });

    /// <summary>An answer that went wrong on its way.</summary>
    internal sealed record Case(int Seed, Operation Operation, int Status, IReadOnlyList<Mutation> Mutations)
    {
        public override string ToString() =>
            $"{Operation} {Status} {Encoding.UTF8.GetString(Mutation.Apply(Seeds[Seed], Mutations))}";
    }
}
