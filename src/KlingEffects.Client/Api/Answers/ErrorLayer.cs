namespace KlingEffects.Api.Answers;

/// <summary>One of the errors that are nested in an answer. Gateways put their upstream's answer into their message as text (new-api
/// relay/relay_task.go step 9, issue #2830, 2026), resellers into <c>error</c>, <c>detail</c> or <c>metadata.raw</c>.</summary>
internal sealed record ErrorLayer
{
    private const int DeepestLayer = 8;
    private const int MostLayers = 24;
    private const int LongestTail = 1000;

    private static readonly string[] Codes = ["code", "error_code", "err_code", "errcode", "fail_code", "status_code"];
    private static readonly string[] Messages =
        ["message", "msg", "error_message", "error_msg", "errmsg", "fail_msg", "fail_reason", "error", "detail", "description", "reason"];
    private static readonly string[] Ids = ["request_id", "req_id", "trace_id"];

    // Outermost first. If two members repeat an error, the last one has it in full.
    private static readonly string[] Inner =
    [
        "message", "msg", "error_message", "error_msg", "errmsg", "fail_msg", "fail_reason", "reason", "description", "body", "response",
        "data", "detail", "details", "error", "errors", "metadata", "raw", "cause", "upstream", "upstream_error", "inner_error",
        "innererror",
    ];

    private static readonly Regex CodeInMessage =
        new(@"\bcode\b[\\""'\s]{0,4}[:=]?[\\""'\s]{0,4}(\d{4})(?!\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly Regex CodeInWord = new(@"(?<!\d)\d{4}(?!\d)", RegexOptions.CultureInvariant);

    private static readonly Regex IdInMessage =
        new(@"\(request[ _-]?id: ?([^)\s]{1,128})\)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    public string? Code { get; private init; }
    public string? Type { get; private init; }

    /// <summary>Its message, fit to print; null if that is an answer of its own, which becomes the next layer.</summary>
    public string? Message { get; private init; }

    public string? RequestId { get; private init; }
    public JsonElement? Object { get; private init; }

    /// <summary>Kling's number, or an HTTP status in place of a code; it may be part of a word or of the message.</summary>
    public int? Number { get; private init; }

    public static IReadOnlyList<ErrorLayer> Read(JsonElement root) => [.. Walk(root, 0).Take(MostLayers)];

    /// <summary>A code for comparison: <c>1303.0</c> and <c>"1303"</c> are 1303.</summary>
    public static string? Normalise(string? code) =>
        JsonFields.ToNumber(code) is { } number && number == Math.Floor(number) && Math.Abs(number) < 1e9
            ? ((int)number).ToString(CultureInfo.InvariantCulture) : code?.Trim();

    public static string? IdInside(string? message)
    {
        string? tail = message?.Length > LongestTail ? message.Substring(message.Length - LongestTail) : message;
        return tail is not null && IdInMessage.Match(tail) is { Success: true } match ? match.Groups[1].Value : null;
    }

    // Of a list of errors only the first is read; a bare text in a list is an error.
    private static IEnumerable<ErrorLayer> Walk(JsonElement element, int depth, bool isListed = false)
    {
        string? text = element.ValueKind == JsonValueKind.String ? JsonFields.AsText(element) : null;
        JsonElement? within = JsonText.Within(text);
        if (element.ValueKind == JsonValueKind.Object)
        {
            yield return From(element);
        }
        else if (isListed && text is not null && within is null)
        {
            yield return new ErrorLayer { Message = Printable(text) };
        }

        IEnumerable<JsonElement> inner = depth == DeepestLayer ? []
            : element.ValueKind == JsonValueKind.Object ? Inner.Select(name => InnerOf(element, name)).OfType<JsonElement>()
            : element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().Take(1)
            : within is { } answer ? [answer] : [];
        foreach (ErrorLayer error in inner.SelectMany(inside => Walk(inside, depth + 1, element.ValueKind == JsonValueKind.Array)))
        {
            yield return error;
        }
    }

    private static JsonElement? InnerOf(JsonElement element, string name) => element.Member(name) is { } inner
        && !(name == "data" && inner.AsObject()?.Text("task_id", "task_status", "status", "state") is not null) ? inner : null;

    private static ErrorLayer From(JsonElement element)
    {
        string? code = Normalise(element.Text(Codes));
        string? message = element.Text(Messages);
        bool isAnswer = JsonText.Within(message) is not null;
        return new ErrorLayer
        {
            Object = element,
            Code = code,
            Type = element.Text("type", "error_type"),
            Message = isAnswer ? null : Printable(message),
            RequestId = ServerText.Clean(element.Text(Ids) ?? IdInside(message)),
            Number = NumberOf(code, isAnswer ? null : message),
        };
    }

    private static int? NumberOf(string? code, string? message)
    {
        if (int.TryParse(code, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) && number > 0)
        {
            return number;
        }

        Match match = CodeInWord.Match(code is { Length: < LongestTail } ? code : "");
        if (!match.Success && message is not null)
        {
            match = CodeInMessage.Match(message.Length > LongestTail ? message.Substring(0, LongestTail) : message);
        }

        string digits = match.Groups[match.Groups.Count - 1].Value;
        bool isNumber = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        return isNumber && ErrorRules.IsKlings(number) ? number : null;
    }

    private static string? Printable(string? text) => ServerText.WithoutData(ServerText.Clean(text));
}
