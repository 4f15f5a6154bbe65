
namespace KlingEffects.Tests.Http;

/// <summary>One way in which things go wrong.</summary>
/// <param name="Name">As the table has it.</param>
/// <param name="Effect">What the emulator does; null for nothing but the delay.</param>
internal sealed record FaultRow(string Name, FaultEffect? Effect)
{
    private const string Html = "<!DOCTYPE html><html><body>Gateway</body></html>";

    private const string NoUrl = """{"code":0,"data":{"task_id":"{task_id}","task_status":"succeed","task_result":{}}}""";

    private const string Failure = """{"code":0,"message":"SUCCEED","data":{"task_id":"{task_id}","task_status":"failed","task_status_msg":"Image pixel is invalid"}}""";

    /// <summary>How long the emulator holds the request.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>After how many seconds the client ends a request that the emulator holds.</summary>
    public int Takes { get; init; }

    /// <summary>How many seconds of quiet the answer asks for.</summary>
    public int Asks { get; init; }

    /// <summary>What happens on the way to the emulator instead.</summary>
    public Action<CountedHandler, Func<int, bool>>? OnTheWay { get; init; }

    /// <summary>Whether the connection ends before an answer begins.</summary>
    public bool IsReset => Effect is ResetBefore or ResetAfter;

    /// <summary>Whether it is about a task, so that a submit does not meet it.</summary>
    public bool IsOfTask { get; init; }

    /// <summary>Whether the task was submitted just now by this process.</summary>
    public bool IsNew { get; init; }

    /// <summary>What can go wrong with the API.</summary>
    public static IReadOnlyList<FaultRow> OfApi =>
    [
        new("nobody listens", null) { OnTheWay = static (way, when) => way.FindsNobody = when },
        new("the host's name is unknown", null) { OnTheWay = static (way, when) => way.FindsNoName = when },
        new("connection reset before the request is read", new ResetBefore()),
        new("connection reset after the request was carried out", new ResetAfter()),
        new("no answer", null) { Delay = TimeSpan.FromDays(1), Takes = 120 },
        new("silence within the answer", new Stall(5)) { Takes = 30 },
        new("answer cut off", new Truncate(20)),
        new("200, empty", Json(200, "")),
        new("200, web page", Page(200)),
        new("200, half of the JSON", Json(200, """{"code":0,"data":{"task_""")),
        new("200, more than 16 MiB", Json(200, new string(' ', KlingEffects.Api.Exchange.ApiConnection.LargestAnswer + 1))),
        new("200, compressed unasked", Json(200, "{}", ("Content-Encoding", "gzip"))),
        new("200, neither task id nor status", Json(200, """{"code":0,"data":{}}""")),
        new("200, data null", Json(200, """{"code":"success","message":"","data":null}""")),
        new("200, code 1303 (parallel tasks)", Kling(200, 1303)),
        new("200, code 1201 (parameter)", Kling(200, 1201)),
        new("200, code 5000 (server)", Kling(200, 5000)),
        new("302", new AnswerStatus(302) { Headers = new Dictionary<string, string> { ["Location"] = "https://elsewhere.example/" } }),
        new("400", Json(400, """{"error":{"message":"model name is required","type":"comet_api_error","code":""}}""")),
        new("400, task_failed with the sentence of 1303", Json(400, """{"code":"task_failed","message":"parallel task over resource pack limit","data":null}""")),
        new("401", new AnswerStatus(401)),
        new("403, no balance", Json(403, """{"code":null,"message":"user quota is not enough"}""")),
        new("403, a firewall's page", Page(403)),
        new("404, web page", Page(404)),
        new("407, a proxy's page", Page(407)),
        new("408", Page(408)),
        new("413, web page", Page(413)),
        new("429, code 1302 (rate), Retry-After: 5", Kling(429, 1302, ("Retry-After", "5"))) { Asks = 5 },
        new("429, code 1303 (parallel tasks)", Kling(429, 1303)),
        new("429, code 1102 (resource pack)", Kling(429, 1102)),
        new("429, fail_to_fetch_task with 1102 within", Json(429, """{"code":"fail_to_fetch_task","message":"{\"code\":1102,\"message\":\"Account balance not enough\"}","data":null}""")),
        new("429, insufficient_quota", Json(429, """{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}""")),
        new("429, web page", Page(429)),
        new("500", new AnswerStatus(500)),
        new("500, invalid_request", Json(500, """{"error":{"message":"image is required","type":"comet_api_error","code":"invalid_request"}}""")),
        new("502, web page", Page(502)),
        new("503", new AnswerStatus(503)),
        new("503, model_not_found", Json(503, """{"error":{"message":"no available channel","type":"comet_api_error","code":"model_not_found"}}""")),
        new("504, web page", Page(504)),
        new("524, web page", Page(524)),
        new("400, task_not_exist", NotThere) { IsOfTask = true },
        new("400, task_not_exist, of a task just submitted", NotThere) { IsOfTask = true, IsNew = true },
        new("succeeded, but no URL", Json(200, NoUrl)) { IsOfTask = true },
        new("the task failed", Json(200, Failure)) { IsOfTask = true },
        new("the task was rejected, a word that no list has", Json(200, Failure.Replace("failed", "rejected", StringComparison.Ordinal))) { IsOfTask = true },
    ];

    /// <summary>What can go wrong with the host of a video.</summary>
    public static IReadOnlyList<FaultRow> OfVideoHost =>
    [
        new("connection reset", new ResetBefore()),
        new("no answer", null) { Delay = TimeSpan.FromDays(1), Takes = 120 },
        new("silence within the video", new Stall(1000)) { Takes = 30 },
        new("cut off after 100 of 300 kB", new Truncate(100_000)),
        new("200, web page", Page(200)),
        new("302 to where nothing is", new Redirect("/")),
        new("401", new AnswerStatus(401)),
        new("403, the URL expired", new ExpiredUrl(403)),
        new("404, the URL expired", new ExpiredUrl(404)),
        new("410, the URL expired", new ExpiredUrl(410)),
        new("403, the signature does not match", Xml(403, "SignatureDoesNotMatch", "The request signature we calculated does not match")),
        new("403, no reason", new AnswerStatus(403) { Body = "", ContentType = "text/plain" }),
        new("400, the token expired", Xml(400, "ExpiredToken", "The provided token has expired.")),
        new("404, no such key", Xml(404, "NoSuchKey", "The specified key does not exist.")),
        new("407, a proxy's page", Page(407)),
        new("200, compressed unasked", new AnswerStatus(200) { Body = "x", ContentType = "video/mp4", Headers = new Dictionary<string, string> { ["Content-Encoding"] = "br" } }),
        new("429, Retry-After: 5", new AnswerStatus(429) { Headers = new Dictionary<string, string> { ["Retry-After"] = "5" } }),
        new("500", new AnswerStatus(500)),
        new("503", new AnswerStatus(503)),
    ];

    private static AnswerStatus NotThere => Json(400, """{"code":"task_not_exist","message":"task_not_exist","data":null}""");

    private static AnswerStatus Xml(int status, string code, string message) =>
        new(status) { Body = $"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>", ContentType = "application/xml" };

    private static AnswerStatus Page(int status) => new(status) { Body = Html, ContentType = "text/html" };

    private static AnswerStatus Kling(int status, int code, params (string Name, string Value)[] headers) =>
        Json(status, $$"""{"code":{{code}},"message":"as the code says","request_id":"r-1"}""", headers);

    private static AnswerStatus Json(int status, string body, params (string Name, string Value)[] headers) =>
        new(status) { Body = body, Headers = headers.ToDictionary(static header => header.Name, static header => header.Value) };
}
