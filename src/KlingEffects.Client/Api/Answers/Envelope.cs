namespace KlingEffects.Api.Answers;

/// <summary>A uniform view of all answer envelopes: code, message, request id, data, and nested errors.</summary>
internal sealed class Envelope
{
    private const int DeepestNesting = 4;
    private const int LongestCode = 100;

    private static readonly string[] Lists = ["task", "tasks", "items", "list", "records", "data"];

    private static readonly Regex SuccessWord = new(
        @"^\W*(success(ful(ly)?)?|succeed(ed)?|ok|accepted|请求成功|操作成功|成功)\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private readonly int _status;
    private readonly string? _rootCode;
    private IReadOnlyList<ErrorLayer>? _errors;
    private int? _telling;

    private Envelope(JsonElement root, int status, string? asked)
    {
        _status = status;
        Root = root;
        _rootCode = ErrorLayer.Normalise(root.Text("code"));
        JsonElement? data = OneOf(root, asked, DeepestNesting) ?? root.Object("data")
            ?? (IsTask(root) ? root : root.Object("output", "task", "result"));
        Levels = LevelsOf(data);
        CodeSaysSuccess = _rootCode is null ? data is not null : SaysSuccess(_rootCode);
        HasError = !CodeSaysSuccess || SaysError(root);
    }

    public JsonElement Root { get; }

    /// <summary>The data and the data nested in it, outermost first: gateways wrap a task up to twice.</summary>
    public JsonElement[] Levels { get; }

    /// <summary>The answer's errors, outermost first. Parsed on demand, because most answers have none.</summary>
    public IReadOnlyList<ErrorLayer> Errors => _errors ??= ErrorLayer.Read(Root);

    /// <summary>The index of the innermost known error; else of the innermost with a code.</summary>
    public int Telling => _telling ??= Places.Where(index => ErrorRules.Find(Operation.Query, _status, this, index) is not null)
        .Concat(Places.Where(index => Errors[index].Code is { } code && !SaysSuccess(code))).FirstOrDefault();

    public bool HasError { get; }

    /// <summary>Whether the code means success, whatever else the answer holds. Resellers return data without a code.</summary>
    public bool CodeSaysSuccess { get; }

    public bool HoldsSuccess => !CodeSaysSuccess && Errors.Skip(1).Any(static error =>
        error.Object?.Member("data") is not null && error.Code is { } code && SaysSuccess(code));

    /// <summary>Whether it holds a task, a list or an error, rather than a keep-alive or a fragment.</summary>
    public bool HasMeaning => TaskReader.IsTold(this) || Root.Member("data") is { ValueKind: JsonValueKind.Array }
        || SaysError(Root) || (_rootCode is not null && !SaysSuccess(_rootCode));

    public string? Message => Told(static error => error.Message);

    /// <summary>The request id of the server that refused, or else of the gateway that passed the refusal on.</summary>
    public string? RequestId => _errors is null && !HasError
        ? ServerText.Clean(Root.Text("request_id", "req_id", "trace_id") ?? ErrorLayer.IdInside(Root.Text("message")))
        : Told(static error => error.RequestId);

    /// <summary>The code to show in an error; null if it is meaningless.</summary>
    public string? Code
    {
        get
        {
            ErrorLayer telling = Errors[Telling];
            string? code = telling.Number is { } number && ErrorRules.IsKlings(number) ? $"{number}"
                : ErrorWords.KlingsCode(telling.Message) is { } lost ? $"{lost}"
                : Told(static error => SaysSuccess(error.Code ?? "") ? null : error.Code) ?? Told(static error => error.Type);
            return code is null ? null : ServerText.Clean(code, code.Length, LongestCode);
        }
    }

    public static Envelope? Read(JsonElement root, int status = 200, string? asked = null) =>
        (root.AsObject() ?? OneOf(root, asked, 1)) is { } answer ? new Envelope(answer, status, asked) : null;

    public static bool SaysSuccess(string text) => text is "0" or "200" or "201" or "202" || SuccessWord.IsMatch(text);

    private IEnumerable<int> Places => Enumerable.Range(0, Errors.Count).Reverse();

    // From the error that tells outwards, and only then inwards.
    private string? Told(Func<ErrorLayer, string?> read) =>
        Errors.Take(Telling + 1).Reverse().Concat(Errors.Skip(Telling + 1)).FirstOf(read);

    private static bool SaysError(JsonElement root) => root.Member("error") is { } error
        && (error.AsObject() is { } told
            ? told.Text("code", "message", "msg", "type") is { } said && !SaysSuccess(ErrorLayer.Normalise(said)!)
            : root.Text("error") is { } text && !SaysSuccess(text));

    private static bool IsTask(JsonElement root) => root.Text("task_id", "task_status") is not null
        || (root.Text("id") is not null && (root.Text("status", "state") is not null || root.Text("code", "message", "error") is null));

    private static JsonElement[] LevelsOf(JsonElement? data)
    {
        JsonElement[] levels = [];
        for (JsonElement? level = data; level is { } found && levels.Length < DeepestNesting; level = Next(found))
        {
            levels = [.. levels, found];
        }

        return levels;
    }

    private static JsonElement? OneOf(JsonElement level, string? asked, int deepest) => asked is null ? null : level.ValueKind switch
    {
        JsonValueKind.Array when level.GetArrayLength() > 1 => level.EnumerateArray().FirstOf<JsonElement, JsonElement?>(entry =>
            entry.Text("task_id") == asked || entry.Text("id") == asked || TaskReader.ExternalIdOf(entry) == asked ? entry : null),
        JsonValueKind.Object when deepest > 0 =>
            Lists.FirstOf(name => level.Member(name) is { } inner ? OneOf(inner, asked, deepest - 1) : null),
        _ => null,
    };

    // A list of one task instead of the task (Kling's GET /tasks, 2026-11), and resellers' names for the same.
    private static JsonElement? Next(JsonElement level) => level.Object("data")
        ?? (level.Text("task_id", "task_status", "status", "state") is null ? level.Object(Lists) : null);
}
