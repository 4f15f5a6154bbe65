using System.Text.RegularExpressions;

namespace KlingEffects.Api.Answers;

/// <summary>The envelopes that answers come in, as one: a code, a message, a request id, the data, and the errors within each other.</summary>
internal sealed class Envelope
{
    private const int DeepestNesting = 4;
    private const int LongestCode = 100;

    private static readonly string[] Lists = ["task", "tasks", "items", "list", "records", "data"];

    private static readonly Regex SuccessWord =
        new(@"^\W*(success(ful(ly)?)?|succeed(ed)?|ok|accepted|请求成功|操作成功|成功)\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private readonly int _status;
    private readonly string? _rootCode;
    private IReadOnlyList<ErrorLayer>? _errors;
    private int? _telling;

    private Envelope(JsonElement root, int status, string? asked)
    {
        _status = status;
        Root = root;
        _rootCode = ErrorLayer.Normalise(root.Text("code"));
        Data = OneOf(root, asked, DeepestNesting) ?? root.Object("data") ?? (IsTask(root) ? root : root.FirstObject("output", "task", "result"));
        Levels = LevelsOf(Data);
        CodeSaysSuccess = _rootCode is null ? Data is not null : SaysSuccess(_rootCode);
        HasError = !CodeSaysSuccess || SaysError(root);
    }

    public JsonElement Root { get; }

    public JsonElement? Data { get; }

    /// <summary>The data and what is nested in it as such, outermost first: gateways wrap a task up to twice.</summary>
    public IReadOnlyList<JsonElement> Levels { get; }

    /// <summary>The errors of the answer, outermost first. Read only where they are asked for, for most answers have none.</summary>
    public IReadOnlyList<ErrorLayer> Errors => _errors ??= ErrorLayer.Read(Root);

    /// <summary>Whether the answer as a whole is an error's.</summary>
    public bool HasError { get; }

    /// <summary>Whether the envelope's own code, without regard to an error beside it, says that the call was done. A missing one beside data is a reseller's success.</summary>
    public bool CodeSaysSuccess { get; }

    /// <summary>Whether an answer that is an error's holds another one that says that the call was done.</summary>
    public bool HoldsSuccess => !CodeSaysSuccess && Errors.Skip(1).Any(static error =>
        error.Object?.Member("data") is not null && error.Code is { } code && SaysSuccess(code));

    /// <summary>Whether it tells of a task, a list or an error, as against a sign of life or a part of something else.</summary>
    public bool HasMeaning => TaskReader.IsTold(this) || Root.Member("data") is { ValueKind: JsonValueKind.Array }
        || SaysError(Root) || (_rootCode is not null && !SaysSuccess(_rootCode));

    /// <summary>What it says, as whoever refused said it.</summary>
    public string? Message => Told(static error => error.Message);

    /// <summary>The request id of whoever refused, or else of who handed that on.</summary>
    public string? RequestId => _errors is null && !HasError
        ? ServerText.Clean(Root.FirstText("request_id", "req_id", "trace_id") ?? ErrorLayer.IdInside(Root.Text("message")))
        : Told(static error => error.RequestId);

    /// <summary>The code as an error should show it: null where it says nothing.</summary>
    public string? Code
    {
        get
        {
            ErrorLayer telling = Errors[Telling];
            string? code = telling.Number is { } number && ErrorRules.IsKlings(number) ? $"{number}"
                : ErrorSentences.KlingsCode(telling.Message) is { } lost ? $"{lost}"
                : Told(static error => SaysSuccess(error.Code ?? "") ? null : error.Code) ?? Told(static error => error.Type);
            return code is null ? null : ServerText.Clean(code, code.Length, LongestCode);
        }
    }

    public static Envelope? Read(JsonElement root, int status = 200, string? asked = null) =>
        (root.AsObject() ?? OneOf(root, asked, 1)) is { } answer ? new Envelope(answer, status, asked) : null;

    /// <summary>Whether a code, or what is said, is the word for success.</summary>
    public static bool SaysSuccess(string text) => text is "0" or "200" or "201" or "202" || SuccessWord.IsMatch(text);

    private int Telling => _telling ??= FindTelling();

    // From the error that tells outwards, and only then inwards.
    private string? Told(Func<ErrorLayer, string?> read)
    {
        int telling = Telling;
        for (int index = telling; index >= 0; index--)
        {
            if (read(Errors[index]) is { } outwards)
            {
                return outwards;
            }
        }

        return Errors.Skip(telling + 1).Select(read).FirstOrDefault(static inwards => inwards is not null);
    }

    // The innermost error that is known; else the innermost with a code.
    private int FindTelling()
    {
        int coded = 0;
        for (int index = Errors.Count - 1; index >= 0; index--)
        {
            if (ErrorRules.IsTelling(_status, this, index))
            {
                return index;
            }

            coded = coded == 0 && Errors[index].Code is { } code && !SaysSuccess(code) ? index : coded;
        }

        return coded;
    }

    private static bool SaysError(JsonElement root) => root.Member("error") is { } error
        && (error.AsObject() is { } told
            ? told.FirstText("code", "message", "msg", "type") is { } said && !SaysSuccess(ErrorLayer.Normalise(said)!)
            : root.Text("error") is { } text && !SaysSuccess(text));

    private static bool IsTask(JsonElement root) =>
        root.FirstText("task_id", "task_status") is not null
        || (root.Text("id") is not null && (root.FirstText("status", "state") is not null || root.FirstText("code", "message", "error") is null));

    private static JsonElement[] LevelsOf(JsonElement? data)
    {
        JsonElement[] levels = new JsonElement[DeepestNesting];
        int count = 0;
        for (JsonElement? level = data; level is { } found && count < DeepestNesting; level = Next(found))
        {
            levels[count++] = found;
        }

        Array.Resize(ref levels, count);
        return levels;
    }

    // The asked one of a list of several, wherever the list is.
    private static JsonElement? OneOf(JsonElement level, string? asked, int deepest)
    {
        if (asked is not null && level.ValueKind == JsonValueKind.Array && level.GetArrayLength() > 1)
        {
            foreach (JsonElement entry in level.EnumerateArray())
            {
                if (entry.Text("task_id") == asked || entry.Text("id") == asked || TaskReader.ExternalIdOf(entry) == asked)
                {
                    return entry;
                }
            }
        }

        return asked is null || deepest == 0 || level.ValueKind != JsonValueKind.Object ? null
            : Lists.Select(name => level.Member(name) is { } inner ? OneOf(inner, asked, deepest - 1) : null).FirstOrDefault(static found => found is not null);
    }

    // A list of one task instead of the task (Kling's GET /tasks, 2026-11), and resellers' names for the same.
    private static JsonElement? Next(JsonElement level) => level.Object("data")
        ?? (level.FirstText("task_id", "task_status", "status", "state") is null ? level.FirstObject(Lists) : null);
}
